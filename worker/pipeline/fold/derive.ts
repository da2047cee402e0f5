/**
 * Derive: reads days of a project again from the lake and replaces all rollups and sessions computed from them. Used
 * for late events, imports, a new time zone and the rebuild command. The result equals that of folding the events in
 * order.
 * @module
 */

import { ulid } from "ulid";
import type { SessionRow } from "../../../schema/wire/derived";
import type { Stores } from "../../lib/stores";
import { bucketStart, bucketsOf, HOUR_MS, nextBucket, type TimeRange } from "../../lib/time";
import { addSegment, liveSegments, type SegmentInfo, writeSegment } from "../lake";
import {
  applyCells,
  deleteBuckets,
  encodeFitting,
  HOURLY_FOR_LONG,
  HOURS_RETENTION_MS,
  IDLE_MS,
  Increment,
  isBounce,
  isCounted,
  type RollupRow,
  type Session,
  Sessionizer,
  sealPacked,
  writeRows,
} from "../rollup";
import { readPeople } from "./people";
import { lateBefore } from "./plan";
import { readOrdered } from "./read-ordered";
import { OpenSessions } from "./sessions";
import { changePages, type FoldState, finishDays, guard, moveStates, type Page, selectPages } from "./store";

/** A day is sealed this long after its end: by then no event can be folded into it. */
export const SEAL_AFTER_MS = 4 * HOUR_MS;

/** How far before the range the read starts; the next one is tried while a session is cut off by the start. */
const WARM_UPS_MS = [2 * HOUR_MS, 8 * HOUR_MS];

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
): Promise<DeriveOutcome> {
  const { db, lake } = stores;
  const { project, timezone } = state;
  const segments = await foldedSegments(db, state, range);
  const read = await readDays(stores, segments, state, range);
  const horizon = lateBefore(now, timezone);
  const epoch = state.epoch + 1;
  const closed = read.sessions.filter((s) => s.ended_at + IDLE_MS < horizon);

  const [pageRows] = await db.batch([selectPages(db, [project])]);
  const pages = (pageRows?.results ?? []) as Page[];
  const open = new OpenSessions(pages, timezone);
  open.replace(
    range.from,
    range.to,
    read.sessions.filter((s) => s.ended_at + IDLE_MS >= horizon),
  );
  const sealed = closed.map((session) => sessionRow(project, session, epoch));
  const segment = sealed.length
    ? await writeSegment(lake, "sessions", sealed, { id: ulid(now), level: 0, seq: 0, now })
    : null;
  await db.batch([
    guard(db, [state]),
    deleteBuckets(db, project, range.from, range.to),
    ...writeRows(db, project, rowsOf(read.increment, timezone, now)),
    ...changePages(db, [{ project, ...open.rewrite() }]),
    ...(segment ? [addSegment(db, segment)] : []),
    ...finishDays(db, project, bucketsOf(range, "day", timezone), { epoch, events: read.events, now }),
    moveStates(db, [{ ...state, epoch }]),
  ]);
  return { events: read.events, sessions: read.sessions.length };
}

/**
 * Segments that contain only events the project has folded: merged ones (only what every project has folded is merged)
 * and those up to the project's own commit. The neighboring days are needed to find where sessions start and end.
 */
async function foldedSegments(db: D1Database, state: FoldState, range: TimeRange): Promise<SegmentInfo[]> {
  const from = dayBefore(range.from, state.timezone) - IDLE_MS;
  const to = nextBucket(range.to, "day", state.timezone);
  const live = await liveSegments(db, "events", { project: state.project, from, to });
  return live.filter((segment) => segment.level > 0 || segment.seq <= state.seq);
}

interface DaysRead {
  increment: Increment;
  /** Sessions that start in the range. */
  sessions: Session[];
  events: number;
}

async function readDays(
  stores: Stores,
  segments: readonly SegmentInfo[],
  state: FoldState,
  range: TimeRange,
): Promise<DaysRead> {
  const earliest = dayBefore(range.from, state.timezone) - IDLE_MS;
  for (const warmUp of WARM_UPS_MS) {
    const from = range.from - warmUp;
    if (from <= earliest) break;
    const read = await readFrom(stores, segments, state, range, from);
    if (read) return read;
  }
  const read = await readFrom(stores, segments, state, range, earliest, true);
  if (!read) throw new Error(`derive: ${state.project} could not be read from ${earliest}`);
  return read;
}

/**
 * Reads from `from` on and assigns events to sessions; null when a session at the start of the range may begin before
 * `from`.
 */
async function readFrom(
  { db, lake }: Stores,
  segments: readonly SegmentInfo[],
  state: FoldState,
  range: TimeRange,
  from: number,
  isEarliest = false,
): Promise<DaysRead | null> {
  const { project, timezone } = state;
  const sessionizer = new Sessionizer(timezone);
  for await (const rows of readOrdered(lake, segments, project, { from, to: range.from })) {
    for (const row of rows) sessionizer.add(row);
  }
  const isCutOff = [...sessionizer.openAt(range.from)].some((s) => s.chain_started_at < from + IDLE_MS);
  if (isCutOff && !isEarliest) return null;

  const increment = new Increment(timezone);
  const started = new Set<Session>();
  let events = 0;
  for await (const rows of readOrdered(lake, segments, project, range)) {
    const people = await readPeople(db, project, rows);
    for (const row of rows) {
      const session = sessionizer.add(row);
      if (session.started_at >= range.from) started.add(session);
      if (isCounted(row)) increment.addEvent(row, session, people.isUser(row));
    }
    events += rows.length;
  }
  await followToEnd(lake, segments, state, range.to, sessionizer, started);
  for (const session of started) increment.addSession(session, 1);
  return { increment, sessions: [...started], events };
}

/** Reads on after the range, an hour at a time, until none of its sessions continues. */
async function followToEnd(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  { project, timezone }: FoldState,
  from: number,
  sessionizer: Sessionizer,
  started: ReadonlySet<Session>,
): Promise<void> {
  const end = nextBucket(from, "day", timezone);
  for (let at = from; at < end; at += HOUR_MS) {
    if (![...sessionizer.openAt(at)].some((session) => started.has(session))) return;
    for await (const rows of readOrdered(lake, segments, project, {
      from: at,
      to: Math.min(at + HOUR_MS, end),
    })) {
      for (const row of rows) sessionizer.add(row);
    }
  }
}

/** The rows of a derived range: hours within their retention, days sealed once nothing can change them. */
function rowsOf(increment: Increment, timezone: string, now: number): RollupRow[] {
  const rows: RollupRow[] = [];
  for (const { grain, dimension, bucket, cells } of increment.changes()) {
    const isOld = bucket < now - HOURS_RETENTION_MS;
    if (grain === "hour" && isOld && !HOURLY_FOR_LONG.includes(dimension)) continue;
    const sealed = grain === "hour" ? isOld : nextBucket(bucket, "day", timezone) + SEAL_AFTER_MS < now;
    const packed = applyCells(dimension, null, cells);
    const body = encodeFitting(dimension, sealed ? sealPacked(dimension, packed) : packed);
    rows.push({ grain, dimension, bucket, sealed, body });
  }
  return rows;
}

function dayBefore(day: number, timezone: string): number {
  return bucketStart(day - 1, "day", timezone);
}

/** A session as a row of the lake. */
export function sessionRow(project: string, session: Session, epoch: number): SessionRow {
  const { key, started_at, ended_at, visitor_id, distinct_id, hostname } = session;
  const { events, pageviews, engaged_ms, entry_path, exit_path, fields } = session;
  return {
    project_id: project,
    session_key: key,
    epoch,
    started_at,
    ended_at,
    visitor_id,
    distinct_id,
    events,
    pageviews,
    engaged_ms,
    bounce: isBounce(session),
    entry_path,
    exit_path,
    hostname,
    ...fields,
  };
}
