/**
 * Folding a group of projects together.
 * @module
 */
import { rowsKey } from "../../../schema/tables/generation";
import type { EventRow } from "../../../schema/wire/row";
import type { Stores } from "../../lib/stores";
import { Turn, yieldControl } from "../../lib/yield";
import type { Commit } from "../commits";
import { findKeys, type KeyedRows, type PlacedRow, readOwn, writeRows } from "../rollup";
import { advance, dropsOf } from "./advance";
import type { IdCache } from "./id-cache";
import { Collected, type OpenCache } from "./open-cache";
import { type IndexedPage, indexPage } from "./pages";
import { applyFold, FOLD_TURN, foldRows, type ProjectFold, type ProjectWrite, rollupKeysOf } from "./plan";
import { keysOf, OpenSessions } from "./sessions";
import {
  addDrops,
  changePages,
  type FoldState,
  generationsOf,
  guard,
  isBuilding,
  markDirty,
  moveStates,
  type Person,
  peopleIn,
  readPages,
  selectPeople,
  writePeople,
} from "./store";

/** A fold's stores, and the caches that its caller passes from one fold to the next. */
export interface FoldStores extends Stores {
  open?: OpenCache;
  ids?: IdCache;
}

/** Projects to fold together: their states, rows and the commits of the rows. */
export interface Group {
  states: readonly FoldState[];
  commits: readonly Commit[];
  rows: ReadonlyMap<string, EventRow[]>;
  /** Epoch ms. */
  now: number;
  /** Asked between transactions. */
  isTimeUp: () => boolean;
}

/** The states after a fold, and how many days it marked to be derived. */
export interface GroupOutcome {
  moved: FoldState[];
  dirty: number;
}

/** Bytes of rollup rows that are read for one transaction, and that it writes, unless one project has more. */
const PART_BYTES = 4_000_000;

/**
 * Folds the rows of a group of projects, in one transaction unless their rollup rows are large, or of one project into all
 * of its generations, one after the other in memory. Adds what each transaction has done to `outcome`; when the time is up
 * after one, the rest is left.
 * @throws when a guard fails or storage fails: nothing of that transaction is written then.
 */
export async function foldGroup(stores: FoldStores, group: Group, outcome: GroupOutcome): Promise<void> {
  const [only] = group.states;
  if (!only || group.states.length > 1 || only.next_timezone === null) {
    for await (const applied of applyGroup(stores, group, group.states)) {
      if (outcome.moved.length && group.isTimeUp()) return;
      await write(stores, group, applied, outcome);
    }
    return;
  }
  const all: Applied[] = [];
  for (const generation of generationsOf(only))
    for await (const applied of applyGroup(stores, group, [generation])) all.push(...applied);
  await write(stores, group, all, outcome);
}

/** Writes the changes of some projects of a group in one transaction. */
async function write(
  { db, open }: FoldStores,
  { states, commits, rows, now }: Group,
  applied: readonly Applied[],
  outcome: GroupOutcome,
): Promise<void> {
  const names = new Set(applied.map(({ state }) => state.project));
  const before = states.filter(({ project }) => names.has(project));
  const moved = before.map((state) => advance(state, commits, rows.get(state.project) ?? []));
  const dirty = applied.flatMap((w) => w.dirty.map((day): [string, number] => [rowsKey(w.state), day]));
  await db.batch([
    guard(db, before),
    ...writeRows(
      db,
      applied.map(({ state, rows, before }) => ({ project: rowsKey(state), rows, before })),
    ),
    ...changePages(
      db,
      applied.map(({ state, pages }) => ({ project: rowsKey(state), ...pages })),
    ),
    // Every generation of a project learns the same people.
    ...writePeople(
      db,
      applied.flatMap(({ state, people }) => (isBuilding(state) ? [] : people)),
    ),
    ...markDirty(db, dirty, now),
    ...addDrops(db, dropsOf(before, commits, now)),
    moveStates(db, moved),
  ]);
  const written = new Map(applied.map((one) => [rowsKey(one.state), one]));
  for (const state of moved.flatMap(generationsOf)) {
    const { pages, cached } = written.get(rowsKey(state))!;
    if (cached) open?.put(state, cached, pages);
  }
  outcome.moved.push(...moved);
  outcome.dirty += dirty.length;
}

/** What is written of a generation. */
interface Applied extends ProjectWrite {
  /** The stored rows of the same buckets. */
  before: readonly PlacedRow[];
  /** The pages of open sessions before, as far as the cache can have them. */
  cached: readonly IndexedPage[] | undefined;
}

/** Adds the rows up for generations of different projects; returns the changes whenever they have enough bytes for a transaction. */
async function* applyGroup(
  { db, open }: FoldStores,
  { rows, now }: Group,
  states: readonly FoldState[],
): AsyncGenerator<Applied[]> {
  const turn = new Turn(FOLD_TURN);
  const { folds, pages } = await readOpen(db, open, states, rows, now, turn);
  for (const part of partsOf(await findRows(db, folds, now))) {
    const own = await readOwn(db, part);
    let applied: Applied[] = [];
    let bytes = 0;
    for (const { fold, project, shared } of part) {
      const before = [...shared, ...(own.get(project) ?? [])];
      const changes = await applyFold(fold, before, now, turn);
      applied.push({ ...changes, before, cached: pages.get(project) });
      for (const row of changes.rows) bytes += row.body.length;
      if (bytes < PART_BYTES) continue;
      yield applied;
      applied = [];
      bytes = 0;
    }
    if (applied.length) yield applied;
  }
}

/** A project's part of a fold, and the rows it will change. */
interface Change extends KeyedRows {
  fold: ProjectFold;
}

async function findRows(db: D1Database, folds: readonly ProjectFold[], now: number): Promise<Change[]> {
  const keyed = folds.map((fold) => ({ project: rowsKey(fold.state), keys: rollupKeysOf(fold, now) }));
  const found = await findKeys(db, keyed);
  return folds.map((fold, i) => ({ fold, ...found[i]! }));
}

/** Cuts a group by the bytes of the rows that it changes. */
function partsOf(changes: readonly Change[]): Change[][] {
  const parts: Change[][] = [];
  let filled = 0;
  for (const change of changes) {
    if (!parts.length || filled + change.ownBytes > PART_BYTES) {
      parts.push([]);
      filled = 0;
    }
    parts.at(-1)?.push(change);
    filled += change.ownBytes;
  }
  return parts;
}

/** What the group will write, and the pages of its projects as far as they fit into the cache. */
async function readOpen(
  db: D1Database,
  cache: OpenCache | undefined,
  states: readonly FoldState[],
  rows: ReadonlyMap<string, EventRow[]>,
  now: number,
  turn: Turn,
): Promise<{ folds: ProjectFold[]; pages: Map<string, readonly IndexedPage[]> }> {
  const open = new Map(
    states.map((state) => [
      rowsKey(state),
      new OpenSessions(state.timezone, keysOf(rows.get(state.project) ?? [])),
    ]),
  );
  const [pages, known] = await Promise.all([
    loadPages(db, cache, states, open, turn),
    knownPeople(db, states, rows),
  ]);
  const folds: ProjectFold[] = [];
  for (const state of states) {
    const { project } = state;
    const people = (known.get(project) ?? []).map((person): [string, number] => [
      person.distinct_id,
      person.identified_at,
    ]);
    const own = rows.get(project) ?? [];
    folds.push(await foldRows(state, own, open.get(rowsKey(state))!, people, now, turn));
  }
  return { folds, pages };
}

/** Loads the pages of open sessions, from the cache or from D1. Returns those that the cache can have. */
async function loadPages(
  db: D1Database,
  cache: OpenCache | undefined,
  states: readonly FoldState[],
  open: ReadonlyMap<string, OpenSessions>,
  turn: Turn,
): Promise<Map<string, readonly IndexedPage[]>> {
  const pages = new Map<string, readonly IndexedPage[]>();
  const load = async (key: string, page: IndexedPage) => {
    if (turn.isOver(page.stored)) await yieldControl();
    open.get(key)?.load(page);
  };
  const collected = new Map<string, Collected>();
  for (const state of states) {
    const cached = cache?.get(state);
    const key = rowsKey(state);
    if (cached) pages.set(key, cached);
    else collected.set(key, new Collected());
    for (const page of cached ?? []) await load(key, page);
  }
  for await (const stored of collected.size ? readPages(db, collected.keys()) : []) {
    const page = indexPage(stored);
    await load(stored.project, page);
    collected.get(stored.project)?.add(page);
  }
  for (const [key, { pages: own }] of collected) if (own) pages.set(key, own);
  return pages;
}

async function knownPeople(
  db: D1Database,
  states: readonly FoldState[],
  rows: ReadonlyMap<string, EventRow[]>,
): Promise<Map<string, Person[]>> {
  const ids = new Map<string, [string, string]>();
  for (const { project } of states) {
    for (const { distinct_id } of rows.get(project) ?? []) {
      if (distinct_id !== null) ids.set(`${project} ${distinct_id}`, [project, distinct_id]);
    }
  }
  const people = ids.size ? await db.batch(selectPeople(db, [...ids.values()])) : [];
  return Map.groupBy(peopleIn(people), (person) => person.project);
}
