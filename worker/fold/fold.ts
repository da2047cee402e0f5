/**
 * Fold: take what has been committed since the last look, add it up per project, and write rollups, sessions and the moved
 * watermark in one guarded transaction a group of projects. Before it nothing happened; after it everything did.
 * @module
 */
import type { EventRow } from "../../schema/wire/row";
import { liveSegments, readRows } from "../lake";
import { DAY_MS } from "../lib/time";
import { rowsOf, selectKeys, unpackSessions, writeRows } from "../rollup";
import { applyFold, foldRows, keysOf, type ProjectFold } from "./plan";
import {
  addDrops,
  type Commit,
  commitsAfter,
  type FoldState,
  foldStates,
  guard,
  markDirty,
  moveStates,
  type Page,
  type Person,
  selectPages,
  selectPeople,
  writePages,
  writePeople,
} from "./store";

/** Where a shard keeps things. */
export interface Stores {
  db: D1Database;
  lake: R2Bucket;
}

/** Commits looked at in one fold. */
const MAX_COMMITS = 200;
/** Rows held in memory at once, about 1 KB each. */
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
 * Folds the oldest commits after `after`, at most about 20,000 rows.
 * @throws when a guard fails because another folder was faster, or storage fails: nothing of that group is written then.
 */
export async function foldOnce(stores: Stores, after: number, now: number): Promise<FoldOutcome> {
  const commits = takeRows(await commitsAfter(stores.db, after, MAX_COMMITS));
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
  const rows = await rowsByProject(
    stores,
    commits,
    new Map(behind.map((s) => [s.project, s])),
    after,
    last.seq,
  );
  for (let at = 0; at < behind.length; at += MAX_PROJECTS) {
    await foldGroup(stores, behind.slice(at, at + MAX_PROJECTS), commits, rows, now, outcome);
  }
  outcome.until = last.seq;
  return outcome;
}

/** The first commits that together hold at most `MAX_ROWS` rows; at least one. */
function takeRows(commits: Commit[]): Commit[] {
  let rows = 0;
  const taken = commits.findIndex((commit, i) => {
    rows += Object.values(commit.projects).reduce((sum, [count]) => sum + count, 0);
    return i > 0 && rows > MAX_ROWS;
  });
  return taken < 0 ? commits : commits.slice(0, taken);
}

function projectsOf(commit: Commit): string[] {
  return [...Object.keys(commit.projects), ...Object.keys(commit.drops)];
}

function concerns(commit: Commit, project: string): boolean {
  return project in commit.projects || project in commit.drops;
}

/** The rows that each project has not folded yet. */
async function rowsByProject(
  { db, lake }: Stores,
  commits: readonly Commit[],
  states: ReadonlyMap<string, FoldState>,
  after: number,
  until: number,
): Promise<Map<string, EventRow[]>> {
  const segments = new Map(
    (await liveSegments(db, "events", { afterSeq: after, maxSeq: until })).map((s) => [s.id, s]),
  );
  const rows = new Map<string, EventRow[]>();
  for (const { seq, segment, projects } of commits) {
    const wanted = Object.keys(projects).filter((p) => (states.get(p)?.seq ?? seq) < seq);
    if (!segment || !wanted.length) continue;
    const info = segments.get(segment);
    if (!info) throw new Error(`fold: segment ${segment} of commit ${seq} is not in the manifest`);
    for (const row of await readRows(lake, info, { dataset: "events" })) {
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
  { db }: Stores,
  states: FoldState[],
  commits: readonly Commit[],
  rows: ReadonlyMap<string, EventRow[]>,
  now: number,
  outcome: FoldOutcome,
): Promise<void> {
  const folds = await readOpen(db, states, rows, now);
  const keyed = folds.map((fold) => ({ fold, keys: keysOf(fold, now) }));
  const reading = keyed.filter(({ keys }) => keys.length);
  const stored = reading.length
    ? await db.batch(reading.map(({ fold, keys }) => selectKeys(db, fold.state.project, keys)))
    : [];
  const storedOf = new Map(reading.map(({ fold }, i) => [fold.state.project, rowsOf(stored[i]!)]));
  const writes = folds.map((fold) => applyFold(fold, storedOf.get(fold.state.project) ?? [], now));
  const moved = writes.map(({ state }) => moveOn(state, commits, rows.get(state.project) ?? []));
  const dirty = writes.flatMap((w) => w.dirty.map((day): [string, number] => [w.state.project, day]));

  await db.batch([
    guard(db, states),
    ...writes.flatMap((w) => writeRows(db, w.state.project, w.rows)),
    ...writePages(
      db,
      writes.flatMap((w) => w.pages),
    ),
    ...writePeople(
      db,
      writes.flatMap((w) => w.people),
    ),
    ...markDirty(db, dirty, now),
    ...addDrops(db, dropsOf(states, commits, now)),
    moveStates(db, moved),
  ]);
  for (const state of moved) {
    outcome.events += rows.get(state.project)?.length ?? 0;
    if (state.complete_until !== null) outcome.completed.set(state.project, state.complete_until);
  }
  outcome.dirty += dirty.length;
}

async function readOpen(
  db: D1Database,
  states: FoldState[],
  rows: ReadonlyMap<string, EventRow[]>,
  now: number,
): Promise<ProjectFold[]> {
  const names = states.map((s) => s.project);
  const ids = new Map<string, [string, string]>();
  for (const [project, events] of rows) {
    for (const { distinct_id } of events) {
      if (distinct_id !== null && names.includes(project))
        ids.set(`${project} ${distinct_id}`, [project, distinct_id]);
    }
  }
  const [pages, people] = await db.batch([selectPages(db, names), selectPeople(db, [...ids.values()])]);
  const open = Map.groupBy((pages?.results ?? []) as unknown as Page[], (page) => page.project);
  const known = Map.groupBy((people?.results ?? []) as unknown as Person[], (person) => person.project);
  return states.map((state) =>
    foldRows(
      state,
      rows.get(state.project) ?? [],
      (open.get(state.project) ?? []).flatMap((page) => unpackSessions(page.body)),
      (known.get(state.project) ?? []).map((person) => [person.distinct_id, person.identified_at]),
      now,
    ),
  );
}

/** The state after the fold: as far as the last commit that concerns the project. */
function moveOn(state: FoldState, commits: readonly Commit[], rows: readonly EventRow[]): FoldState {
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
