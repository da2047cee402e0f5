/**
 * Checks a source: collects facts once, evaluates the checks, stores the results, raises and resolves notices, and sends messages.
 * @module
 */
import type { Quality, QualityOverview } from "../../../schema/wire/source";
import { logError } from "../../lib/log";
import { HOUR_MS } from "../../lib/time";
import {
  type Condition,
  deleteOldNotices,
  type NotifyBindings,
  notifyProject,
  raiseNotices,
  resolveNotices,
} from "../../outbound/notify";
import { type ShardBindings, storesOf } from "../../tenancy/projects";
import {
  findSource,
  type SourceBindings,
  SourceError,
  type StoredSource,
  type VendorClient,
} from "../connections";
import { type Check, unknown } from "./check";
import { CHECKS } from "./checks";
import { hasOpen } from "./checks/vendor";
import { collectFacts, type Depth } from "./collect-facts";
import type { Facts, PreviousResult } from "./facts";
import { noticeKeyOf, resolveOrphans } from "./notice-store";
import { latestResults, previousResults, type Result, saveResults, uncheckedSources } from "./result-store";
import { dayScores, sourceScores } from "./score-store";

/** The bindings that checks use. */
export type QualityBindings = NotifyBindings & SourceBindings & ShardBindings;

/** Returns the client of a source. @throws SourceError when there is none. */
export type Open = (source: StoredSource) => Promise<VendorClient>;

/** How to check. */
export interface CheckOptions {
  depth: Depth;
  open: Open;
  /** Epoch ms. */
  now: number;
}

/** The outcome of checking a source. */
export interface Checked {
  results: Result[];
  /** Checks that failed now and did not fail before. */
  raised: Condition[];
}

const DEPTHS: readonly Depth[] = ["clock", "sync", "day"];

/** Checks a source now. */
export async function checkSource(
  bindings: QualityBindings,
  source: StoredSource,
  { depth, open, now }: CheckOptions,
): Promise<Checked> {
  const { id, project_id: project } = source;
  const control = bindings.CONTROL;
  const before = await previousResults(control, id);
  const { session, refused } = depth === "clock" ? NO_VENDOR : await tryOpen(open, source);
  const { db } = await storesOf(bindings, project);
  const facts = await collectFacts({ control, db, source, session, refused, depth, before, now });
  const checks = CHECKS.filter(({ when }) => DEPTHS.indexOf(when) <= DEPTHS.indexOf(depth));
  const results = checks.flatMap((check) => resultOf(check, facts, before) ?? []);
  await saveResults(control, { project, source: id }, results, now);
  const raised = await updateNotices(bindings, source, results, now);
  return { results, raised };
}

const NO_VENDOR = { session: null, refused: null };

async function tryOpen(open: Open, source: StoredSource) {
  try {
    return { session: await open(source), refused: null };
  } catch (error) {
    if (error instanceof SourceError) return { session: null, refused: error.message };
    throw error;
  }
}

/** Returns the result of a check; unknown when it no longer applies to the source. */
function resultOf(check: Check, facts: Facts, before: ReadonlyMap<string, PreviousResult>): Result | null {
  const finding = check.evaluate(facts);
  if (finding) return { name: check.name, finding };
  const known = before.get(check.name);
  if (!known || known.outcome === "unknown") return null;
  const summary = "The source no longer has data for this check.";
  return { name: check.name, finding: unknown(summary), isGone: true };
}

/** Raises notices for failed checks, resolves those of passed checks, and sends a message about new ones. */
async function updateNotices(
  bindings: QualityBindings,
  { id, name, project_id: project }: StoredSource,
  results: readonly Result[],
  now: number,
): Promise<Condition[]> {
  const control = bindings.CONTROL;
  const link = `/projects/${project}/sources/${id}#quality`;
  const conditions = results.flatMap(({ name: check, finding }): Condition[] => {
    if (finding.outcome !== "failed") return [];
    const { label, severity = "warning" } = CHECKS.find((own) => own.name === check) ?? { label: check };
    const title = `${name}: ${label} failed`;
    return [{ key: noticeKeyOf(id, check), severity, title, body: finding.summary, link }];
  });
  const settled = results.filter(({ finding, isGone }) => isGone || finding.outcome === "passed");
  await resolveNotices(
    control,
    project,
    settled.map((result) => noticeKeyOf(id, result.name)),
    now,
  );
  const raised = await raiseNotices(control, project, conditions, now);
  const [first] = raised;
  if (first)
    await notifyProject(bindings, project, {
      subject: raised.length === 1 ? first.title : `${name}: ${raised.length} checks failed`,
      why: `Data quality checks of the source “${name}” failed:`,
      lines: raised.map(({ title, body }) => `${title.replace(`${name}: `, "")}. ${body}`),
      button: "Open the source",
      link,
    });
  return raised;
}

/** The vendor is queried about once a day, and hourly while a check fails or is undecided. */
const DAILY_MS = 20 * HOUR_MS;

/** Checks a source whose sync has just ended, at the depth that is due. */
export async function checkAfterSync(
  bindings: QualityBindings,
  id: string,
  { open, now }: Omit<CheckOptions, "depth">,
): Promise<Checked | null> {
  const source = await findSource(bindings.CONTROL, id);
  if (!source || (source.status !== "active" && source.status !== "broken")) return null;
  if (source.status === "broken") return checkSource(bindings, source, { depth: "clock", open, now });
  const before = await previousResults(bindings.CONTROL, id);
  const queriedAt = before.get("rows")?.checked_at ?? 0;
  const isOff = CHECKS.some(({ name, when }) => when === "day" && before.get(name)?.outcome === "failed");
  const isDue = now - queriedAt >= (isOff || hasOpen(before) ? HOUR_MS / 2 : DAILY_MS);
  return checkSource(bindings, source, { depth: isDue ? "day" : "sync", open, now });
}

/** Sources that one scheduled run checks. */
const PER_TICK = 200;

/** Checks the access and freshness of sources that were not checked for an hour. */
export async function checkUncheckedSources(bindings: QualityBindings, now: number): Promise<void> {
  for (const id of await uncheckedSources(bindings.CONTROL, now - HOUR_MS, PER_TICK)) {
    const source = await findSource(bindings.CONTROL, id);
    // A source that cannot be checked does not stop the others.
    if (source)
      await checkSource(bindings, source, { depth: "clock", open: refuseVendor, now }).catch((error) =>
        logError("checks failed", error, { source: id }),
      );
  }
  await resolveOrphans(bindings.CONTROL, now);
  await deleteOldNotices(bindings.CONTROL, now);
}

const refuseVendor: Open = () =>
  Promise.reject(new SourceError("internal", "scheduled checks do not query vendors"));

/** Returns the quality of a source: the newest result of each check, and the score of each day. */
export async function readQuality(control: D1Database, source: string): Promise<Quality> {
  const [latest, days] = await Promise.all([latestResults(control, source), dayScores(control, source)]);
  const order = CHECKS.map(({ name }) => name);
  const labelled = latest.flatMap((result) => {
    const check = CHECKS.find(({ name }) => name === result.name);
    return check ? [{ ...result, label: check.label }] : [];
  });
  return { latest: labelled.sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name)), days };
}

/** Returns the score of each source of a project. */
export async function readOverview(control: D1Database, project: string): Promise<QualityOverview> {
  return { data: await sourceScores(control, project) };
}
