/**
 * Derive: reads days of a project again from the lake and replaces all rollups and sessions computed from them. Used
 * for late events, imports, a new time zone and the rebuild command. The result equals that of folding the events in
 * order.
 * @module
 */

import { rowsKey } from "../../../schema/tables/generation";
import type { Stores } from "../../lib/stores";
import { bucketStart, bucketsOf, nextBucket, type TimeRange } from "../../lib/time";
import { liveSegments, type SegmentInfo } from "../lake";
import { DIMENSION_NAMES, type Dimension, IDLE_MS } from "../rollup";
import { cleanDays } from "./clean-days";
import { readPass } from "./derive-pass";
import { Derived, type DeriveLimits } from "./derived";
import { lateBefore } from "./plan";
import { isFolded } from "./read-ids";
import {
  changePages,
  type FoldState,
  finishDays,
  guard,
  isBuilding,
  markFollowing,
  moveStates,
  readPages,
} from "./store";

/** 100 MB at most with a slice of events and the sessions that have not ended (worker/pipeline/README.md). */
const LIMITS: DeriveLimits = { cellBytes: 28 * 1024 * 1024, rowChars: 4_000_000, sessions: 20_000 };

export interface DeriveOutcome {
  events: number;
  sessions: number;
}

/**
 * Derives the local days of `range` (whole days of the state's zone) from what the project has folded so far.
 * @throws when the guard fails because the state has changed: nothing is written then.
 */
export async function derive(
  stores: Stores,
  state: FoldState,
  range: TimeRange,
  now: number,
  limits = LIMITS,
): Promise<DeriveOutcome> {
  const { db } = stores;
  const { timezone } = state;
  const key = rowsKey(state);
  if (state.own_ids) await cleanDays(stores, state, range, now);
  const source = { stores, state, range, segments: await foldedSegments(db, state, range) };
  const derived = new Derived(stores, state, lateBefore(now, timezone), now, limits);
  let events = 0;
  for (let dimensions: readonly Dimension[] = DIMENSION_NAMES; dimensions.length; ) {
    const pass = await readPass(source, dimensions, derived, limits.cellBytes);
    await derived.endPass();
    events = pass.events;
    dimensions = pass.deferred;
  }

  for await (const page of readPages(db, [key])) {
    derived.pages.visit(page, ({ started_at }) => started_at >= range.from && started_at < range.to);
  }
  const moved = { ...state, epoch: state.epoch + 1 };
  const last = bucketStart(range.to - 1, "day", timezone);
  await db.batch([
    guard(db, [state]),
    ...derived.statements(range),
    ...changePages(db, [{ project: key, ...derived.pages.take() }]),
    ...(isBuilding(state) ? [markFollowing(db, key, { last, next: range.to }, now)] : []),
    ...finishDays(db, key, bucketsOf(range, "day", timezone), { epoch: moved.epoch, events, now }),
    moveStates(db, [moved]),
  ]);
  return { events, sessions: derived.sessions };
}

/**
 * Segments that contain only events the project has folded: merged ones (only what every project has folded is merged)
 * and those up to the project's own commit. The neighboring days are needed to find where sessions start and end.
 */
async function foldedSegments(db: D1Database, state: FoldState, range: TimeRange): Promise<SegmentInfo[]> {
  const from = bucketStart(range.from - 1, "day", state.timezone) - IDLE_MS;
  const to = nextBucket(range.to, "day", state.timezone);
  const live = await liveSegments(db, "events", { project: state.project, from, to });
  return live.filter((segment) => isFolded(segment, state));
}
