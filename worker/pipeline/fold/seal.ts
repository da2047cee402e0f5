/**
 * Sealing: moves what can no longer change out of the rows that folds rewrite. Sessions that have ended go to the lake;
 * hours lose their dimensions after 72 h; daily sets become plain numbers; rows older than 90 days become Parquet in
 * R2. Each step is one guarded transaction and raises the epoch, so a fold that began before it starts again.
 * @module
 */

import { ulid } from "ulid";
import { projectOfKey, rowsKey } from "../../../schema/tables/generation";
import type { Stores } from "../../lib/stores";
import { bucketStart, DAY_MS, HOUR_MS } from "../../lib/time";
import { addSegment, writeSegment } from "../lake";
import {
  DAYS_RETENTION_MS,
  decodePacked,
  deleteBuckets,
  encodeFitting,
  HOURS_RETENTION_MS,
  IDLE_MS,
  isSealedExactly,
  type RollupRow,
  type Session,
  sealPacked,
  toSealedRows,
  writeRows,
} from "../rollup";
import { lateBefore, SEAL_AFTER_MS } from "./plan";
import { PageRewriter } from "./rewrite-pages";
import { sessionRow } from "./session-row";
import {
  changePages,
  type FoldState,
  foldStates,
  generationsOf,
  guard,
  markDirty,
  moveStates,
  readPages,
} from "./store";
import {
  deleteHours,
  firstBucket,
  keysWithPages,
  rowsBefore,
  statesSealedBefore,
  statesWithDaysBefore,
  unsealedRows,
} from "./upkeep-store";

/** Projects, or generations with open sessions, sealed in one transaction. */
const GROUP = 20;

/**
 * Moves sessions that no event can change any more into the lake, of the generations with a key after `after`. Returns the
 * last key when `isTimeUp` ended it, null when all are done.
 */
export async function sealSessions(
  stores: Stores,
  now: number,
  after = "",
  isTimeUp: () => boolean = () => false,
): Promise<string | null> {
  for (let last = after; ; ) {
    const keys = await keysWithPages(stores.db, last, GROUP);
    if (!keys.length) return null;
    await sealGroup(stores, keys, now);
    last = keys.at(-1)!;
    if (isTimeUp()) return last;
  }
}

/** Sessions and pages in memory, and so in one transaction. */
const MOST_SESSIONS = 20_000;
const MOST_PAGES = 40;

async function sealGroup(stores: Stores, keys: readonly string[], now: number): Promise<void> {
  const states = await foldStates(stores.db, new Set(keys.map(projectOfKey)));
  const parts = new Map(
    [...states.values()]
      .flatMap(generationsOf)
      .filter((state) => keys.includes(rowsKey(state)))
      .map((state) => [rowsKey(state), { state, pages: new PageRewriter(), ended: [] as Session[] }]),
  );
  for await (const page of readPages(stores.db, parts.keys())) {
    const part = parts.get(page.project);
    if (!part) continue;
    const horizon = lateBefore(now, part.state.timezone);
    part.ended.push(...part.pages.visit(page, (session) => session.ended_at + IDLE_MS < horizon));
    const sessions = [...parts.values()].reduce((sum, { ended }) => sum + ended.length, 0);
    const pages = [...parts.values()].reduce((sum, { pages: own }) => sum + own.pages, 0);
    if (sessions >= MOST_SESSIONS || pages >= MOST_PAGES) await sealParts(stores, [...parts.values()], now);
  }
  await sealParts(stores, [...parts.values()], now);
}

/** Open sessions of one generation that are being sealed. */
interface SealPart {
  state: FoldState;
  pages: PageRewriter;
  ended: Session[];
}

/** Writes what the parts have so far and moves their states on. */
async function sealParts({ db, lake }: Stores, all: readonly SealPart[], now: number): Promise<void> {
  const parts = all.filter(({ pages }) => pages.pages > 0);
  if (!parts.length) return;
  const rows = parts.flatMap(({ state, ended }) => ended.map((s) => sessionRow(state, s)));
  const at = { id: ulid(now), level: 0, seq: 0, now };
  const segment = rows.length ? await writeSegment(lake, "sessions", rows, at) : null;
  const moved = new Map(parts.map(({ state }) => [state.project, { ...state, epoch: state.epoch + 1 }]));
  await db.batch([
    guard(
      db,
      parts.map((part) => part.state),
    ),
    ...changePages(
      db,
      parts.map(({ state, pages }) => ({ project: rowsKey(state), ...pages.take() })),
    ),
    ...(segment ? [addSegment(db, segment)] : []),
    moveStates(db, [...moved.values()]),
  ]);
  for (const part of parts) part.ended = [];
  // Also of the other generation of a project, which has nothing to write yet.
  for (const part of all)
    part.state = { ...part.state, epoch: moved.get(part.state.project)?.epoch ?? part.state.epoch };
}

/**
 * Seals the days and prunes the hours of projects with a new local day since they were last checked. Days whose most
 * frequent values are not certain are marked to be derived from the lake. False when `isTimeUp` ended it.
 */
export async function sealDays({ db }: Stores, now: number, isTimeUp = () => false): Promise<boolean> {
  const due = () => statesSealedBefore(db, now - DAY_MS - SEAL_AFTER_MS - HOUR_MS, GROUP);
  return forEachState(due, (state) => sealDaysOf(db, state, now), isTimeUp);
}

/** Calls `seal` for each of the states that are due, until none is left or `isTimeUp`; false when it was. */
async function forEachState(
  due: () => Promise<FoldState[]>,
  seal: (state: FoldState) => Promise<void>,
  isTimeUp: () => boolean,
): Promise<boolean> {
  for (;;) {
    const states = await due();
    for (const state of states) {
      await seal(state);
      if (isTimeUp()) return false;
    }
    if (states.length < GROUP) return true;
  }
}

async function sealDaysOf(db: D1Database, state: FoldState, now: number): Promise<void> {
  const statements: D1PreparedStatement[] = [];
  for (const generation of generationsOf(state)) statements.push(...(await sealedDays(db, generation, now)));
  const sealed_until = bucketStart(now - SEAL_AFTER_MS, "day", state.timezone);
  await db.batch([
    guard(db, [state]),
    ...statements,
    moveStates(db, [{ ...state, epoch: state.epoch + 1, sealed_until }]),
  ]);
}

/** Statements that seal the days of a generation and prune its hours. */
async function sealedDays(db: D1Database, state: FoldState, now: number): Promise<D1PreparedStatement[]> {
  const key = rowsKey(state);
  const today = bucketStart(now - SEAL_AFTER_MS, "day", state.timezone);
  const hours = now - HOURS_RETENTION_MS;
  const unsealed = await unsealedRows(db, key, { day: today, hour: hours });
  const sealed = unsealed.map(sealRow);
  const inexact = sealed.flatMap(({ row, isExact }) =>
    isExact ? [] : bucketStart(row.bucket, "day", state.timezone),
  );
  return [
    ...writeRows(db, [{ project: key, rows: sealed.map(({ row }) => row), before: unsealed }]),
    ...markDirty(
      db,
      inexact.map((day) => [key, day]),
      now,
    ),
    deleteHours(db, key, hours),
  ];
}

/** A sealed row; not exact: all events of its day have to be read to know its most frequent values. */
function sealRow(row: RollupRow): { row: RollupRow; isExact: boolean } {
  const { dimension } = row;
  const open = decodePacked(dimension, row.body);
  const sealed = sealPacked(dimension, open);
  return {
    row: { ...row, sealed: true, body: encodeFitting(dimension, sealed) },
    isExact: isSealedExactly(dimension, open, sealed),
  };
}

/** Days whose rollups are moved at once. */
const MOVED_DAYS = 31;

/** Moves rollups older than 90 days into the lake. False when `isTimeUp` ended it. */
export async function sealRollups(stores: Stores, now: number, isTimeUp = () => false): Promise<boolean> {
  const before = now - DAYS_RETENTION_MS;
  const due = () => statesWithDaysBefore(stores.db, before - DAY_MS - HOUR_MS, GROUP);
  return forEachState(due, (state) => sealRollupsOf(stores, state, before, now, isTimeUp), isTimeUp);
}

async function sealRollupsOf(
  { db, lake }: Stores,
  due: FoldState,
  before: number,
  now: number,
  isTimeUp: () => boolean,
): Promise<void> {
  const key = rowsKey(due);
  const end = bucketStart(before, "day", due.timezone);
  let state = due;
  for (let first = await firstBucket(db, key); first !== null && first < end; ) {
    const until = Math.min(end, bucketStart(first + MOVED_DAYS * DAY_MS, "day", state.timezone));
    const old = await rowsBefore(db, key, until);
    const rows = old.flatMap((row) => toSealedRows(state, row.sealed ? row : sealRow(row).row));
    const at = { id: ulid(now), level: 0, seq: 0, now };
    const segment = rows.length ? await writeSegment(lake, "rollups", rows, at) : null;
    const moved = { ...state, epoch: state.epoch + 1 };
    await db.batch([
      guard(db, [state]),
      deleteBuckets(db, key, 0, until),
      ...(segment ? [addSegment(db, segment)] : []),
      moveStates(db, [moved]),
    ]);
    state = moved;
    if (isTimeUp()) return;
    first = await firstBucket(db, key);
  }
}
