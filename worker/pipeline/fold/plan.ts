/**
 * What one fold of one project will write. No I/O, so that it can be discarded when the guard fails.
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import { bucketStart, bucketsOf, HOUR_MS } from "../../lib/time";
import { type Turn, yieldControl } from "../../lib/yield";
import {
  applyCells,
  comparePositions,
  decodePacked,
  encodeFitting,
  hashOf,
  Increment,
  isCounted,
  type Packed,
  positionOf,
  precisionOf,
  type RollupChange,
  type RollupKey,
  type RollupRow,
  Sketch,
  TOTAL,
} from "../rollup";
import type { PagesChange } from "./pages";
import { People } from "./people";
import { daysAround, type OpenSessions } from "./sessions";
import type { FoldState, Person } from "./store";

/**
 * An event of a bucket that closed longer ago than this is late: its day is derived again from the lake. Until then it
 * counts in its buckets unless they are sealed.
 */
export const LATE_MS = 2 * HOUR_MS;

/** Rows added up, or cells of rollup rows changed, between yields: about ten milliseconds of work. */
export const FOLD_TURN = 1000;

/** A day is sealed this long after its end: by then no event can be folded into it. */
export const SEAL_AFTER_MS = 4 * HOUR_MS;

/** Events before this instant are late at `now`. */
export function lateBefore(now: number, zone: string): number {
  return bucketStart(now - LATE_MS, "hour", zone);
}

/** A project's part of a fold, before its rollup rows have been read. */
export interface ProjectFold {
  state: FoldState;
  changes: RollupChange[];
  sessions: OpenSessions;
  people: Person[];
  dirty: Set<number>;
}

/** Adds the rows up, also into `sessions`. `rows` are in any order. */
export async function foldRows(
  state: FoldState,
  rows: EventRow[],
  sessions: OpenSessions,
  known: Iterable<[string, number]>,
  now: number,
  turn: Turn,
): Promise<ProjectFold> {
  const { timezone } = state;
  const dirty = new Set<number>();
  const people = new People(known);
  const increment = new Increment(timezone);
  people.learn(rows);
  const late = lateBefore(now, timezone);
  const unsealed = bucketStart(now - SEAL_AFTER_MS, "day", timezone);
  rows.sort((a, b) => comparePositions(positionOf(a), positionOf(b)));
  for (const row of rows) {
    if (turn.isOver(1)) await yieldControl();
    if (row.timestamp < late) {
      for (const day of daysAround(row.timestamp, timezone)) dirty.add(day);
      if (row.timestamp < unsealed) continue;
    }
    const placed = sessions.place(row);
    for (const day of placed.dirty) dirty.add(day);
    if (isCounted(row)) increment.addEvent(row, placed.session, people.isUser(row));
  }
  for (const { before, session } of sessions.touched) {
    if (before) increment.addSession(before, -1);
    increment.addSession(session, 1);
  }
  return { state, changes: [...increment.changes()], sessions, people: people.changed(state.project), dirty };
}

/** Rollup rows that the fold must read: those it changes, and the totals of days since a newly named person. */
export function rollupKeysOf(fold: ProjectFold, now: number): RollupKey[] {
  const keys: RollupKey[] = fold.changes.map(({ grain, dimension, bucket }) => ({
    grain,
    dimension,
    bucket,
  }));
  const seen = new Set(keys.filter((k) => k.grain === "day" && k.dimension === TOTAL).map((k) => k.bucket));
  for (const day of daysSinceNamed(fold, now)) {
    if (!seen.has(day)) keys.push({ grain: "day", dimension: TOTAL, bucket: day });
  }
  return keys;
}

/** What a fold writes for a project. */
export interface ProjectWrite {
  state: FoldState;
  rows: RollupRow[];
  pages: PagesChange;
  people: Person[];
  dirty: number[];
}

/**
 * Applies the changes to the current rows. A change of a sealed row marks its day dirty instead. When a person is named
 * after events of theirs had been folded, those days are marked dirty too: the person was not counted as a user there.
 */
export async function applyFold(
  fold: ProjectFold,
  stored: readonly RollupRow[],
  now: number,
  turn: Turn,
): Promise<ProjectWrite> {
  const { state, changes, sessions, people } = fold;
  const dirty = new Set(fold.dirty);
  const before = new Map(stored.map((row) => [nameOf(row), row]));
  const sealed = new Set(stored.filter((row) => row.sealed).map(({ grain, bucket }) => `${grain} ${bucket}`));
  for (const day of daysSinceNamed(fold, now)) {
    const row = before.get(nameOf({ grain: "day", dimension: TOTAL, bucket: day }));
    if (row && mayHold(decodePacked(TOTAL, row.body), people)) dirty.add(day);
  }
  const rows: RollupRow[] = [];
  for (const { grain, dimension, bucket, cells } of changes) {
    if (turn.isOver(cells.size)) await yieldControl();
    const row = before.get(nameOf({ grain, dimension, bucket }));
    if (sealed.has(`${grain} ${bucket}`)) {
      dirty.add(bucketStart(bucket, "day", state.timezone));
      continue;
    }
    const packed = applyCells(dimension, row ? decodePacked(dimension, row.body) : null, cells);
    rows.push({ grain, dimension, bucket, sealed: false, body: encodeFitting(dimension, packed) });
  }
  return { state, rows, pages: sessions.writeTouched(), people, dirty: [...dirty] };
}

function nameOf({ grain, dimension, bucket }: RollupKey): string {
  return `${grain} ${bucket} ${dimension}`;
}

function daysSinceNamed({ people, state }: ProjectFold, now: number): number[] {
  const [first] = people.map((p) => p.identified_at).sort((a, b) => a - b);
  return first === undefined
    ? []
    : bucketsOf({ from: first, to: Math.max(now, first + 1) }, "day", state.timezone);
}

function mayHold(total: Packed, people: readonly Person[]): boolean {
  const sets = (total.sets.identified ?? []).filter((set) => typeof set === "string");
  const sketches = sets.map((set) => Sketch.decode(set, precisionOf(TOTAL)));
  return people.some((person) => sketches.some((sketch) => sketch.has(hashOf(person.distinct_id))));
}
