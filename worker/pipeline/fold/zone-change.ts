/**
 * Changes a project's time zone as a job. The cut is one instant, (seq, epoch) of the project's state: events folded
 * before it are derived from the lake into a new generation of rows, all days of the project; events folded after it are
 * added to both generations in the same transaction. Questions read the current generation until every day of the new one
 * is derived; one statement then makes the new one current. Each step is a guarded transaction, so an interrupted job
 * continues where it was.
 * @module
 */
import { rowsKey } from "../../../schema/tables/generation";
import type { Stores } from "../../lib/stores";
import { bucketsOf, MINUTE_MS } from "../../lib/time";
import { liveSegments } from "../lake";
import { LATE_MS } from "./plan";
import { deriveMarked } from "./run";
import {
  dirtyDays,
  type FoldState,
  foldStates,
  generationsOf,
  guard,
  markDirty,
  retryGuarded,
} from "./store";
import { deleteSomeRows, forgetRetired, readyProjects, retire, retiredBefore, setZone } from "./zone-store";

/** Questions planned before a generation was retired read its rows for less than this. */
const GRACE_MS = 10 * MINUTE_MS;
/** Rows of each table that one transaction deletes. */
const MAX_DELETED = 2_000;
/** Generations that one call deletes. */
const MAX_PURGED = 20;

/** A change that has not begun, or is given up. */
const NO_CHANGE = { next_timezone: null, next_since: 0, next_days: 0 };

/**
 * Starts to move a project's buckets to another time zone, or restarts the change that runs; the zone in effect ends
 * it. A project without events changes at once.
 * @throws when the project has no fold state.
 */
export async function changeTimeZone(
  db: D1Database,
  project: string,
  timezone: string,
  now: number,
): Promise<void> {
  await retryGuarded(async () => {
    const state = (await foldStates(db, [project])).get(project);
    if (!state) throw new Error(`zone change: project ${project} has no fold state`);
    if (timezone === (state.next_timezone ?? state.timezone)) return;
    await db.batch([
      guard(db, [state]),
      ...generationsOf(state)
        .slice(1)
        .map((given) => retire(db, given, now)),
      ...(timezone === state.timezone
        ? [setZone(db, state, NO_CHANGE)]
        : await startStatements(db, state, timezone, now)),
    ]);
  });
}

async function startStatements(
  db: D1Database,
  state: FoldState,
  timezone: string,
  now: number,
): Promise<D1PreparedStatement[]> {
  const days = await daysWithEvents(db, state, timezone, now);
  if (!days.length) return [setZone(db, state, { ...NO_CHANGE, timezone })];
  const generation = state.last_generation + 1;
  const key = rowsKey({ project: state.project, generation });
  const change = {
    last_generation: generation,
    next_timezone: timezone,
    next_since: now,
    next_days: days.length,
  };
  return [
    ...markDirty(
      db,
      days.map((day) => [key, day]),
      now,
    ),
    setZone(db, state, change),
  ];
}

/** The days of a zone from the first to the last event that has been folded. */
async function daysWithEvents(
  db: D1Database,
  { project, first_event_at }: FoldState,
  zone: string,
  now: number,
): Promise<number[]> {
  if (first_event_at === null) return [];
  const segments = await liveSegments(db, "events", { project });
  const last = segments.reduce((time, segment) => Math.max(time, segment.projects[project]?.[3] ?? 0), now);
  return bucketsOf({ from: first_event_at, to: last + 1 }, "day", zone);
}

/**
 * Completes the changes whose days are all derived: days that late events have marked again meanwhile are derived at
 * once. Returns the projects that have a new zone. `isTimeUp` is asked between projects and ranges of days.
 */
export async function finishZoneChanges(
  stores: Stores,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<string[]> {
  const finished: string[] = [];
  for (const project of await readyProjects(stores.db)) {
    if (isTimeUp()) break;
    if (await finishZoneChange(stores, project, now, isTimeUp)) finished.push(project);
  }
  return finished;
}

async function finishZoneChange(
  stores: Stores,
  project: string,
  now: number,
  isTimeUp: () => boolean,
): Promise<boolean> {
  const finish = () => retryGuarded(() => makeCurrent(stores.db, project, now));
  if (await finish()) return true;
  const next = (await generations(stores.db, project))[1];
  if (!next) return false;
  await deriveMarked(stores, now, { key: rowsKey(next), isTimeUp });
  return finish();
}

async function generations(db: D1Database, project: string): Promise<FoldState[]> {
  const state = (await foldStates(db, [project])).get(project);
  return state ? generationsOf(state) : [];
}

/** Makes the next generation current when no day of it waits to be derived. */
async function makeCurrent(db: D1Database, project: string, now: number): Promise<boolean> {
  const [state, next] = await generations(db, project);
  if (!state || !next || (await dirtyDays(db, 1, rowsKey(next))).length) return false;
  const { generation, timezone } = next;
  await db.batch([
    guard(db, [state]),
    retire(db, state, now),
    setZone(db, state, { ...NO_CHANGE, generation, timezone, sealed_until: 0 }),
    ...markDirty(db, state.own_ids ? uncheckedDays(next, now) : [], now),
  ]);
  return true;
}

/**
 * The days of events that were folded during the change: their ids were compared with those of a day in the old zone only,
 * and are compared again when the day is derived.
 */
function uncheckedDays(next: FoldState, now: number): [key: string, day: number][] {
  const from = Math.max(next.next_since - LATE_MS, next.first_event_at ?? 0);
  const days = bucketsOf({ from, to: now + 1 }, "day", next.timezone);
  return days.map((day) => [rowsKey(next), day]);
}

/** Deletes rows of retired generations, some at a time; `isTimeUp` leaves the rest to the next call. */
export async function purgeRetired(
  db: D1Database,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<void> {
  for (const retired of await retiredBefore(db, now - GRACE_MS, MAX_PURGED)) {
    while ((await deleteSomeRows(db, rowsKey(retired), MAX_DELETED)) > 0) if (isTimeUp()) return;
    await forgetRetired(db, retired).run();
  }
}
