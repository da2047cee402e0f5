/**
 * The daily summary: one message per project with sources, in the morning of its time zone.
 * @module
 */
import { localDate } from "../../lib/time";
import { notifyProject } from "../../outbound/notify";
import { CHECKS } from "./checks";
import { claimSummary, type SummarizedProject, summarizedProjects } from "./notice-store";
import { latestResults } from "./result-store";
import { checkUncheckedSources, type QualityBindings } from "./run";
import { type SourceScore, sourceScores } from "./score-store";

/** Hour of the project's day from which its summary is sent. */
const MORNING = 7;

/** Checks sources and sends summaries, every hour. A failure of one does not stop the other. */
export async function checkSources(bindings: QualityBindings, now: number): Promise<void> {
  const done = await Promise.allSettled([checkUncheckedSources(bindings, now), sendSummaries(bindings, now)]);
  const failed = done.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
  if (failed.length > 0) throw new AggregateError(failed, "sources could not be checked");
}

/** Sends the summaries that are due. Each is sent once a day, even if sending fails. */
export async function sendSummaries(bindings: QualityBindings, now: number): Promise<void> {
  for (const project of await summarizedProjects(bindings.CONTROL)) {
    const day = localDate(now, project.timezone);
    if (project.summary_day === day || hourOf(now, project.timezone) < MORNING) continue;
    if (await claimSummary(bindings.CONTROL, project.id, day)) await sendSummary(bindings, project);
  }
}

const hourOf = (now: number, timeZone: string): number =>
  Number(new Intl.DateTimeFormat("en", { timeZone, hour: "numeric", hourCycle: "h23" }).format(now));

async function sendSummary(bindings: QualityBindings, { id, name }: SummarizedProject): Promise<void> {
  const scores = await sourceScores(bindings.CONTROL, id);
  const checked = scores.filter(({ checked_at }) => checked_at !== null);
  if (checked.length === 0) return;
  const failed = checked.reduce((sum, own) => sum + own.failed, 0);
  const lines = await Promise.all(checked.map((score) => lineOf(bindings.CONTROL, score)));
  await notifyProject(bindings, id, {
    subject: failed === 0 ? `${name}: all checks passed` : `${name}: ${failed} checks failed`,
    why: `Data quality of the sources of “${name}”:`,
    lines,
    button: "Open the sources",
    link: `/projects/${id}/sources`,
  });
}

async function lineOf(control: D1Database, { source_id, name, score, passed, failed }: SourceScore) {
  const share = score === null ? "not checked yet" : `${Math.floor(score * 100)} %`;
  if (failed === 0) return `${name}: ${share}, ${passed} checks passed`;
  const results = await latestResults(control, source_id);
  const failures = results
    .filter(({ outcome }) => outcome === "failed")
    .map(
      (result) =>
        `${CHECKS.find((own) => own.name === result.name)?.label ?? result.name}: ${result.summary}`,
    );
  return `${name}: ${share}, ${failed} of ${passed + failed} checks failed. ${failures.join(" ")}`;
}
