/**
 * Fold: reads the commits since the watermark, adds them up per project, and writes rollups, sessions and the new
 * watermark in one guarded transaction per group of projects.
 * @module
 */

import type { EventRow } from "../../../schema/wire/row";
import type { Stores } from "../../lib/stores";
import { DAY_MS } from "../../lib/time";
import { Turn } from "../../lib/yield";
import { type Commit, commitsAfter } from "../commits";
import { liveSegments, readRows, type SegmentInfo } from "../lake";
import { rowsOf, selectKeys, writeRows } from "../rollup";
import type { OpenCache } from "./open-cache";
import { applyFold, FOLD_TURN, foldRows, type ProjectFold, type ProjectWrite, rollupKeysOf } from "./plan";
import { OpenSessions } from "./sessions";
import {
  addDrops,
  changePages,
  type FoldState,
  foldStates,
  guard,
  markDirty,
  moveStates,
  type Page,
  type Person,
  selectPages,
  selectPeople,
  writePeople,
} from "./store";

/** A fold's stores, and the session cache that its caller passes from one fold to the next. */
export interface FoldStores extends Stores {
  open?: OpenCache;
}

/** Commits read in one fold: at a fold every 10 minutes and a delivery a second, all of them. Each is up to 5 KB. */
const MAX_COMMITS = 1000;
/** Rows in memory at once, about 1 KB each. */
const MAX_ROWS = 20_000;
/** Projects written in one transaction. */
const MAX_PROJECTS = 20;

export interface FoldOutcome {
  /** Every project is folded up to this commit. */
  until: number;
  /** False when there was nothing to fold. */
  folded: boolean;
  events: number;
  /** project → its `complete_until` after the fold */
  completed: Map<string, number>;
  /** Days marked to be derived again. */
  dirty: number;
}

/**
 * Folds the commits after `after`, a portion of the projects at a time, so that each writes its rows once however many
 * commits there are: D1 bills per row written. It stops between portions when the time is up; `until` then stays, and
 * the next call skips the projects that are done.
 * @throws when a guard fails because another folder was faster, or storage fails: nothing of that group is written
 * then.
 */
export async function foldOnce(
  stores: FoldStores,
  after: number,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<FoldOutcome> {
  const commits = await commitsAfter(stores.db, after, MAX_COMMITS);
  const outcome: FoldOutcome = {
    until: after,
    folded: commits.length > 0,
    events: 0,
    completed: new Map(),
    dirty: 0,
  };
  const last = commits.at(-1);
  if (!last) return outcome;

  const states = await foldStates(stores.db, new Set(commits.flatMap(projectsOf)));
  const behind = [...states.values()].filter((s) =>
    commits.some((c) => c.seq > s.seq && concerns(c, s.project)),
  );
  const live = await liveSegments(stores.db, "events", { afterSeq: after, maxSeq: last.seq });
  const segments = new Map(live.map((segment) => [segment.id, segment]));
  let isFirst = true;
  for (const portion of portionsOf(behind, commits)) {
    let current = portion;
    for (const slice of slicesOf(current, commits)) {
      if (!isFirst && isTimeUp()) return outcome;
      isFirst = false;
      const rows = await rowsByProject(stores.lake, segments, slice, current);
      const moved: FoldState[] = [];
      for (let at = 0; at < current.length; at += MAX_PROJECTS) {
        const group = current.slice(at, at + MAX_PROJECTS);
        moved.push(...(await foldGroup(stores, group, slice, rows, now, outcome)));
      }
      current = moved;
    }
  }
  outcome.until = last.seq;
  return outcome;
}

function rowsIn(commit: Commit, { project, seq }: FoldState): number {
  return commit.seq > seq ? (commit.projects[project]?.[0] ?? 0) : 0;
}

/**
 * Groups of states in the order of segments' rows that together have at most `MAX_ROWS` to fold; at least one. Every
 * state is in a portion, also one without rows: its drops are counted and its watermark moves.
 */
function portionsOf(states: readonly FoldState[], commits: readonly Commit[]): FoldState[][] {
  const portions: FoldState[][] = [];
  let filled = 0;
  for (const state of [...states].sort((a, b) => (a.project < b.project ? -1 : 1))) {
    const rows = commits.reduce((sum, commit) => sum + rowsIn(commit, state), 0);
    if (!portions.length || filled + rows > MAX_ROWS) {
      portions.push([]);
      filled = 0;
    }
    portions.at(-1)?.push(state);
    filled += rows;
  }
  return portions;
}

/** The commits in runs of at most `MAX_ROWS` rows of the states; a portion of many projects has one run. */
function slicesOf(states: readonly FoldState[], commits: readonly Commit[]): Commit[][] {
  const slices: Commit[][] = [];
  let filled = 0;
  for (const commit of commits) {
    const rows = states.reduce((sum, state) => sum + rowsIn(commit, state), 0);
    if (!slices.length || (rows > 0 && filled + rows > MAX_ROWS)) {
      slices.push([]);
      filled = 0;
    }
    slices.at(-1)?.push(commit);
    filled += rows;
  }
  return slices;
}

function projectsOf(commit: Commit): string[] {
  return [...Object.keys(commit.projects), ...Object.keys(commit.drops)];
}

function concerns(commit: Commit, project: string): boolean {
  return project in commit.projects || project in commit.drops;
}

/** The rows of the commits that each of the projects has not folded yet. */
async function rowsByProject(
  lake: R2Bucket,
  segments: ReadonlyMap<string, SegmentInfo>,
  commits: readonly Commit[],
  behind: readonly FoldState[],
): Promise<Map<string, EventRow[]>> {
  const states = new Map(behind.map((state) => [state.project, state]));
  const rows = new Map<string, EventRow[]>();
  for (const commit of commits) {
    const { seq, segment } = commit;
    const projects = behind.filter((state) => rowsIn(commit, state) > 0).map((state) => state.project);
    if (!segment || !projects.length) continue;
    const info = segments.get(segment);
    if (!info) throw new Error(`fold: segment ${segment} of commit ${seq} is not in the manifest`);
    for (const row of await readRows(lake, info, { dataset: "events", projects })) {
      const state = states.get(row.project_id);
      if (!state || state.seq >= seq) continue;
      const list = rows.get(row.project_id);
      if (list) list.push(row);
      else rows.set(row.project_id, [row]);
    }
  }
  return rows;
}

async function foldGroup(
  { db, open }: FoldStores,
  states: FoldState[],
  commits: readonly Commit[],
  rows: ReadonlyMap<string, EventRow[]>,
  now: number,
  outcome: FoldOutcome,
): Promise<FoldState[]> {
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
    ...writes.flatMap((w) => writeRows(db, w.state.project, w.rows)),
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
  for (const state of moved) {
    outcome.events += rows.get(state.project)?.length ?? 0;
    if (state.complete_until !== null) outcome.completed.set(state.project, state.complete_until);
  }
  outcome.dirty += dirty.length;
  return moved;
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
  const [pages, people] = await db.batch([
    selectPages(
      db,
      names.filter((project) => !cached.get(project)),
    ),
    selectPeople(db, [...ids.values()]),
  ]);
  const open = Map.groupBy((pages?.results ?? []) as Page[], (page) => page.project);
  const known = Map.groupBy((people?.results ?? []) as Person[], (person) => person.project);
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

/** The state after the fold: at the last commit that has rows or drops of the project. */
function advance(state: FoldState, commits: readonly Commit[], rows: readonly EventRow[]): FoldState {
  const own = commits.filter((commit) => commit.seq > state.seq && concerns(commit, state.project));
  const first = rows.reduce(
    (time, row) => Math.min(time, row.timestamp),
    state.first_event_at ?? Number.MAX_SAFE_INTEGER,
  );
  return {
    ...state,
    seq: own.at(-1)?.seq ?? state.seq,
    complete_until: Math.max(state.complete_until ?? 0, ...own.map((commit) => commit.received_until)),
    first_event_at: first === Number.MAX_SAFE_INTEGER ? null : first,
  };
}

function dropsOf(
  states: readonly FoldState[],
  commits: readonly Commit[],
  now: number,
): [string, number, string, number][] {
  const day = Math.floor(now / DAY_MS) * DAY_MS;
  const sums = new Map<string, [string, number, string, number]>();
  for (const { project, seq } of states) {
    for (const commit of commits) {
      if (commit.seq <= seq) continue;
      for (const [reason, count] of Object.entries(commit.drops[project] ?? {})) {
        const name = `${project} ${reason}`;
        const sum = sums.get(name) ?? [project, day, reason, 0];
        sum[3] += count;
        sums.set(name, sum);
      }
    }
  }
  return [...sums.values()];
}
