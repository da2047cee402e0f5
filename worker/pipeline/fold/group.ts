/**
 * Folding a group of projects in one transaction.
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import type { Stores } from "../../lib/stores";
import { Turn } from "../../lib/yield";
import type { Commit } from "../commits";
import { rowsOf, selectKeys, writeRows } from "../rollup";
import { advance, dropsOf } from "./advance";
import type { IdCache } from "./id-cache";
import type { OpenCache } from "./open-cache";
import { applyFold, FOLD_TURN, foldRows, type ProjectFold, type ProjectWrite, rollupKeysOf } from "./plan";
import { OpenSessions } from "./sessions";
import {
  addDrops,
  changePages,
  type FoldState,
  guard,
  markDirty,
  moveStates,
  type Page,
  peopleIn,
  selectPages,
  selectPeople,
  writePeople,
} from "./store";

/** A fold's stores, and the caches that its caller passes from one fold to the next. */
export interface FoldStores extends Stores {
  open?: OpenCache;
  ids?: IdCache;
}

/** The states after a fold, and how many days it marked to be derived. */
export interface GroupOutcome {
  moved: FoldState[];
  dirty: number;
}

/**
 * Folds the rows of a group of projects in one transaction.
 * @throws when a guard fails or storage fails: nothing of the group is written then.
 */
export async function foldGroup(
  { db, open }: FoldStores,
  states: FoldState[],
  commits: readonly Commit[],
  rows: ReadonlyMap<string, EventRow[]>,
  now: number,
): Promise<GroupOutcome> {
  const turn = new Turn(FOLD_TURN);
  const folds = await readOpen(db, open, states, rows, now, turn);
  const keyed = folds.map((fold) => ({ fold, keys: rollupKeysOf(fold, now) }));
  const reading = keyed.filter(({ keys }) => keys.length);
  const stored = reading.length
    ? await db.batch(reading.map(({ fold, keys }) => selectKeys(db, fold.state.project, keys)))
    : [];
  const storedOf = new Map(reading.map(({ fold }, i) => [fold.state.project, rowsOf(stored[i]!)]));
  const writes: ProjectWrite[] = [];
  for (const fold of folds) {
    writes.push(await applyFold(fold, storedOf.get(fold.state.project) ?? [], now, turn));
  }
  const moved = writes.map(({ state }) => advance(state, commits, rows.get(state.project) ?? []));
  const dirty = writes.flatMap((w) => w.dirty.map((day): [string, number] => [w.state.project, day]));

  await db.batch([
    guard(db, states),
    ...writes.flatMap((w) => writeRows(db, w.state.project, w.rows, storedOf.get(w.state.project))),
    ...changePages(
      db,
      writes.map(({ state: { project }, pages }) => ({ project, ...pages })),
    ),
    ...writePeople(
      db,
      writes.flatMap((w) => w.people),
    ),
    ...markDirty(db, dirty, now),
    ...addDrops(db, dropsOf(states, commits, now)),
    moveStates(db, moved),
  ]);
  moved.forEach((state, i) => {
    open?.put(state, folds[i]!.sessions);
  });
  return { moved, dirty: dirty.length };
}

async function readOpen(
  db: D1Database,
  cache: OpenCache | undefined,
  states: FoldState[],
  rows: ReadonlyMap<string, EventRow[]>,
  now: number,
  turn: Turn,
): Promise<ProjectFold[]> {
  const names = states.map((s) => s.project);
  const ids = new Map<string, [string, string]>();
  for (const project of names) {
    for (const { distinct_id } of rows.get(project) ?? []) {
      if (distinct_id !== null) ids.set(`${project} ${distinct_id}`, [project, distinct_id]);
    }
  }
  const cached = new Map(states.map((state) => [state.project, cache?.take(state)]));
  const [pages, ...people] = await db.batch([
    selectPages(
      db,
      names.filter((project) => !cached.get(project)),
    ),
    ...selectPeople(db, [...ids.values()]),
  ]);
  const open = Map.groupBy((pages?.results ?? []) as Page[], (page) => page.project);
  const known = Map.groupBy(peopleIn(people), (person) => person.project);
  const folds: ProjectFold[] = [];
  for (const state of states) {
    const fold = await foldRows(
      state,
      rows.get(state.project) ?? [],
      cached.get(state.project) ?? new OpenSessions(open.get(state.project) ?? [], state.timezone),
      (known.get(state.project) ?? []).map((person) => [person.distinct_id, person.identified_at]),
      now,
      turn,
    );
    folds.push(fold);
  }
  return folds;
}
