/**
 * Commands on the derived state of one project.
 * @module
 */
import { rowsKey } from "../../../schema/tables/generation";
import { bucketStart, bucketsOf, DAY_MS, type TimeRange } from "../../lib/time";
import { foldStates, generationsOf, markDirty } from "./store";
import { deleteProjectRows, makeDaysDue } from "./upkeep-store";

/**
 * Marks every day of the range that has events to be derived again from the lake, in all generations. Returns the number
 * of days in the zone in effect.
 */
export async function rebuild(
  db: D1Database,
  project: string,
  range: TimeRange,
  now: number,
): Promise<number> {
  const state = (await foldStates(db, [project])).get(project);
  if (!state || state.first_event_at === null) return 0;
  const marked = generationsOf(state).map((generation) => ({
    key: rowsKey(generation),
    days: daysWithin(range, generation.timezone, state.first_event_at ?? 0, now),
  }));
  const statements = marked.flatMap(({ key, days }) => [
    ...markDirty(
      db,
      days.map((day) => [key, day]),
      now,
    ),
    ...makeDaysDue(db, key),
  ]);
  await db.batch(statements);
  return marked[0]?.days.length ?? 0;
}

/** The days of a zone in a range, from the day of the first event on. */
function daysWithin(range: TimeRange, zone: string, first: number, now: number): number[] {
  const from = Math.max(range.from, bucketStart(first, "day", zone));
  const to = Math.min(range.to, now + DAY_MS);
  return to > from ? bucketsOf({ from, to }, "day", zone) : [];
}

/** Removes everything of a project from the shard; its rows in the lake in the next hours (`purge.ts`). */
export async function deleteProjectData(db: D1Database, project: string, now: number): Promise<void> {
  await deleteProjectRows(db, project, now);
}
