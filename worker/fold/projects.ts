/**
 * Commands on the derived state of one project.
 * @module
 */
import { bucketsOf, DAY_MS, type TimeRange } from "../lib/time";
import { DAYS_KEPT_MS } from "../rollup";
import { foldStates, guard, markDirty, moveStates, retried } from "./store";

/** Marks every day of the range that holds events to be derived again from the lake. Answers how many days. */
export async function rebuild(
  db: D1Database,
  project: string,
  range: TimeRange,
  now: number,
): Promise<number> {
  const state = (await foldStates(db, [project])).get(project);
  if (!state || state.first_event_at === null) return 0;
  const from = Math.max(range.from, state.first_event_at - DAY_MS);
  const to = Math.min(range.to, now + DAY_MS);
  if (to <= from) return 0;
  const days = bucketsOf({ from, to }, "day", state.timezone);
  await db.batch([
    ...markDirty(
      db,
      days.map((day) => [project, day]),
      now,
    ),
    db.prepare("UPDATE derived_days SET events = 0 WHERE project = ?1").bind(project),
  ]);
  return days.length;
}

/**
 * Cuts the project's buckets in another zone: what was cut in the old one is dropped and the last 90 days are derived
 * again. Older days stay as they were sealed.
 */
export async function rezone(db: D1Database, project: string, timezone: string, now: number): Promise<void> {
  await retried(() => rezoneOnce(db, project, timezone, now));
}

async function rezoneOnce(db: D1Database, project: string, timezone: string, now: number): Promise<void> {
  const state = (await foldStates(db, [project])).get(project);
  if (!state) throw new Error(`rezone: project ${project} has no fold state`);
  const from = Math.max(now - DAYS_KEPT_MS, state.first_event_at ?? now);
  const days = bucketsOf({ from, to: now + 1 }, "day", timezone);
  await db.batch([
    guard(db, [state]),
    db.prepare("DELETE FROM rollups WHERE project = ?1").bind(project),
    db.prepare("DELETE FROM dirty_days WHERE project = ?1").bind(project),
    db.prepare("DELETE FROM derived_days WHERE project = ?1 AND day >= ?2").bind(project, from - 2 * DAY_MS),
    db.prepare("UPDATE fold_state SET timezone = ?2 WHERE project = ?1").bind(project, timezone),
    ...markDirty(
      db,
      days.map((day) => [project, day]),
      now,
    ),
    moveStates(db, [{ ...state, epoch: state.epoch + 1 }]),
  ]);
}

/** Removes everything of a project from the shard. Its rows in the lake go with the next merge of their segments. */
export async function forget(db: D1Database, project: string): Promise<void> {
  const tables = [
    "fold_state",
    "rollups",
    "open_sessions",
    "dirty_days",
    "derived_days",
    "people",
    "drops",
    "dead_letters",
    "watches",
  ];
  await db.batch(tables.map((table) => db.prepare(`DELETE FROM ${table} WHERE project = ?1`).bind(project)));
}
