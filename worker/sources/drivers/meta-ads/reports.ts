/**
 * Asynchronous insights ("Insights API Asynchronous Jobs"): reports are started and polled in batches, and restarted when
 * they fail.
 * @module
 */
import { z } from "zod";
import { MINUTE_MS, SECOND_MS } from "../../../lib/time";
import { SourceError } from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { type Asker, askMany, type Part } from "./batch";

const FIRST_POLL_MS = SECOND_MS;
const LONGEST_POLL_MS = 15 * SECOND_MS;
/** A report may take an hour; a query that takes longer should be smaller. */
const PATIENCE_MS = 5 * MINUTE_MS;
/** Attempts of a report. */
const STARTS = 3;

const begunSchema = z.object({ report_run_id: z.coerce.string() });
const statusSchema = z.object({ async_status: z.string(), async_percent_completion: z.number() });

interface Run {
  part: Part;
  id: string;
  starts: number;
  isDone: boolean;
}

/**
 * Starts reports for POST queries and waits for them; returns report ids in the order of the queries. @throws SourceError
 * `too_much` when they fail repeatedly or take too long.
 */
export async function makeReports(asker: Asker, parts: readonly Part[]): Promise<string[]> {
  const ids = await begin(asker, parts);
  const runs = parts.map((part, i): Run => ({ part, id: ids[i] ?? "", starts: 1, isDone: false }));
  const until = asker.now() + PATIENCE_MS;
  for (let waitMs = FIRST_POLL_MS; ; waitMs = Math.min(LONGEST_POLL_MS, waitMs * 2)) {
    const open = runs.filter(({ isDone }) => !isDone);
    if (open.length === 0) return runs.map(({ id }) => id);
    if (asker.now() > until) throw new SourceError("too_much", "reports did not finish in time");
    await asker.sleep(waitMs);
    await poll(asker, open);
  }
}

async function begin(asker: Asker, parts: readonly Part[]): Promise<string[]> {
  const answers = await askMany(asker, parts);
  return answers.map((answer) => {
    if ("tooMuch" in answer) throw answer.tooMuch;
    return parseShape("report", begunSchema, answer.body).report_run_id;
  });
}

async function poll(asker: Asker, runs: Run[]): Promise<void> {
  const path = (id: string) => `${id}?fields=async_status,async_percent_completion`;
  const answers = await askMany(
    asker,
    runs.map(({ id }) => ({ path: path(id) })),
  );
  const failed: Run[] = [];
  for (const [i, run] of runs.entries()) {
    const answer = answers[i];
    if (answer === undefined || "tooMuch" in answer) continue;
    const { async_status, async_percent_completion } = parseShape("report", statusSchema, answer.body);
    // Near the end, one of the two fields may change before the other.
    run.isDone = async_status === "Job Completed" && async_percent_completion === 100;
    if (async_status === "Job Failed" || async_status === "Job Skipped") failed.push(run);
  }
  if (failed.some((run) => ++run.starts > STARTS))
    throw new SourceError("too_much", "reports failed repeatedly");
  const ids = await begin(
    asker,
    failed.map(({ part }) => part),
  );
  for (const [i, run] of failed.entries()) run.id = ids[i] ?? run.id;
}
