/**
 * One reading of a range of days in the order of events. Sessions are passed on when they end and hours when nothing can
 * change them, so that memory does not grow with the length of the range.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { bucketStart, HOUR_MS, nextBucket, type TimeRange } from "../../lib/time";
import { yieldControl } from "../../lib/yield";
import type { SegmentInfo } from "../lake";
import {
  type Dimension,
  hasEnded,
  IDLE_MS,
  Increment,
  isCounted,
  type RollupChange,
  type Session,
  Sessionizer,
} from "../rollup";
import { readPeople } from "./people";
import { readOrdered } from "./read-ordered";
import type { FoldState } from "./store";

/** How far before the range the read starts; the next one is tried while a session is cut off by the start. */
const WARM_UPS_MS = [2 * HOUR_MS, 8 * HOUR_MS];

/** What is read: the segments contain only events that the project has folded. */
export interface DeriveSource {
  stores: Stores;
  state: FoldState;
  segments: readonly SegmentInfo[];
  /** Whole days of the state's zone. */
  range: TimeRange;
}

/** Receives what a pass has counted. */
export interface PassSink {
  /** A session that starts in the range, when it has ended. */
  session(session: Session): void;
  change(change: RollupChange): void;
  /** Called between slices of events: hours before `before` do not change any more. */
  settle(before: number): Promise<void>;
}

export interface PassOutcome {
  events: number;
  /** Dimensions that did not fit into memory and have to be counted in another pass. */
  deferred: Dimension[];
}

/** Reads the range and counts `dimensions`, at most `mostBytes` of them at a time. */
export async function readPass(
  source: DeriveSource,
  dimensions: Iterable<Dimension>,
  sink: PassSink,
  mostBytes: number,
): Promise<PassOutcome> {
  const { stores, state, range } = source;
  const { project, timezone } = state;
  const sessionizer = await warmUp(source);
  const increment = new Increment(timezone, dimensions);
  const started = new Set<Session>();
  const outcome: PassOutcome = { events: 0, deferred: [] };
  const pass = (changes: Iterable<RollupChange>) => {
    for (const change of changes) sink.change(change);
  };

  for await (const rows of read(source, range)) {
    const people = await readPeople(stores.db, project, rows);
    for (const row of rows) {
      const session = sessionizer.add(row);
      if (session.started_at >= range.from) started.add(session);
      if (isCounted(row)) increment.addEvent(row, session, people.isUser(row));
    }
    outcome.events += rows.length;
    const time = rows.at(-1)?.timestamp ?? range.from;
    sessionizer.forgetBefore(time);
    const settled = bucketStart(endSessions(started, time, increment, sink), "hour", timezone);
    pass(increment.takeHours(settled));
    outcome.deferred.push(...shed(increment, mostBytes));
    if (bytesOf(increment) > mostBytes) pass(increment.changes());
    await sink.settle(settled);
    await yieldControl();
  }
  await followToEnd(source, sessionizer, started);
  endSessions(started, Number.POSITIVE_INFINITY, increment, sink);
  pass(increment.changes());
  return outcome;
}

const read = ({ stores, segments, state }: DeriveSource, range: TimeRange) =>
  readOrdered(stores.lake, segments, state.project, range);

/** Counts the sessions that have ended at `time`. Returns when the earliest of the others starts; `time` without others. */
function endSessions(started: Set<Session>, time: number, increment: Increment, sink: PassSink): number {
  let oldest = time;
  for (const session of started) {
    if (!hasEnded(session, time)) {
      oldest = Math.min(oldest, session.started_at);
      continue;
    }
    started.delete(session);
    increment.addSession(session, 1);
    sink.session(session);
  }
  return oldest;
}

function bytesOf(increment: Increment): number {
  return increment.sizes().reduce((sum, [, bytes]) => sum + bytes, 0);
}

/** Drops the largest dimensions while they are too many, down to half; one stays. Returns those dropped. */
function shed(increment: Increment, mostBytes: number): Dimension[] {
  const sizes = increment.sizes();
  let total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
  if (total <= mostBytes) return [];
  const dropped: Dimension[] = [];
  for (const [dimension, bytes] of sizes) {
    if (total <= mostBytes / 2 || increment.dimensions.size === 1) break;
    increment.drop(dimension);
    dropped.push(dimension);
    total -= bytes;
  }
  return dropped;
}

/** The sessions that events of the range may continue. */
async function warmUp(source: DeriveSource): Promise<Sessionizer> {
  const { range, state } = source;
  const earliest = bucketStart(range.from - 1, "day", state.timezone) - IDLE_MS;
  for (const ms of WARM_UPS_MS) {
    const from = range.from - ms;
    if (from <= earliest) break;
    const sessionizer = await readBefore(source, from);
    const isCutOff = [...sessionizer.openAt(range.from)].some((s) => s.chain_started_at < from + IDLE_MS);
    if (!isCutOff) return sessionizer;
  }
  return readBefore(source, earliest);
}

async function readBefore(source: DeriveSource, from: number): Promise<Sessionizer> {
  const { range, state } = source;
  const sessionizer = new Sessionizer(state.timezone);
  for await (const rows of read(source, { from, to: range.from })) {
    for (const row of rows) sessionizer.add(row);
    sessionizer.forgetBefore(rows.at(-1)?.timestamp ?? from);
  }
  return sessionizer;
}

/** Reads on after the range, an hour at a time, until none of its sessions continues. */
async function followToEnd(
  source: DeriveSource,
  sessionizer: Sessionizer,
  started: ReadonlySet<Session>,
): Promise<void> {
  const { range, state } = source;
  const end = nextBucket(range.to, "day", state.timezone);
  for (let at = range.to; at < end; at += HOUR_MS) {
    sessionizer.forgetBefore(at);
    if (![...sessionizer.openAt(at)].some((session) => started.has(session))) return;
    for await (const rows of read(source, { from: at, to: Math.min(at + HOUR_MS, end) })) {
      for (const row of rows) sessionizer.add(row);
    }
  }
}
