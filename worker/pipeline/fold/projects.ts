/**
 * Commands on the derived state of one project.
 * @module
 */
import { bucketStart, bucketsOf, DAY_MS, type TimeRange } from "../../lib/time";
import { DAYS_RETENTION_MS } from "../rollup";
import { foldStates, guard, markDirty, moveStates, retryGuarded } from "./store";
import { changeZone, deleteProjectRows, makeDaysDue } from "./upkeep-store";

/** Marks every day of the range that has events to be derived again from the lake. Returns the number of days. */
export async function rebuild(
  db: D1Database,
  project: string,
  range: TimeRange,
  now: number,
): Promise<number> {
  const state = (await foldStates(db, [project])).get(project);
  if (!state || state.first_event_at === null) return 0;
  const from = Math.max(range.from, bucketStart(state.first_event_at, "day", state.timezone));
  const to = Math.min(range.to, now + DAY_MS);
  if (to <= from) return 0;
  const days = bucketsOf({ from, to }, "day", state.timezone);
  await db.batch([
    ...markDirty(
      db,
      days.map((day) => [project, day]),
      now,
    ),
    ...makeDaysDue(db, project),
  ]);
  return days.length;
}

/**
 * Moves the project's buckets to another time zone: buckets of the old one are dropped and the last 90 days are derived
 * again. Older days stay as they were sealed.
 */
export async function changeTimeZone(
  db: D1Database,
  project: string,
  timezone: string,
  now: number,
): Promise<void> {
  await retryGuarded(() => changeTimeZoneOnce(db, project, timezone, now));
}

async function changeTimeZoneOnce(
  db: D1Database,
  project: string,
  timezone: string,
  now: number,
): Promise<void> {
  const state = (await foldStates(db, [project])).get(project);
  if (!state) throw new Error(`rezone: project ${project} has no fold state`);
  const from = Math.max(now - DAYS_RETENTION_MS, state.first_event_at ?? now);
  const days = bucketsOf({ from, to: now + 1 }, "day", timezone);
  await db.batch([
    guard(db, [state]),
    ...changeZone(db, project, timezone, from - 2 * DAY_MS),
    ...markDirty(
      db,
      days.map((day) => [project, day]),
      now,
    ),
    moveStates(db, [{ ...state, epoch: state.epoch + 1 }]),
  ]);
}

/** Removes everything of a project from the shard; its rows in the lake in the next hours (`purge.ts`). */
export async function deleteProjectData(db: D1Database, project: string, now: number): Promise<void> {
  await deleteProjectRows(db, project, now);
}
