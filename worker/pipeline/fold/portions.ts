/**
 * Which projects and commits are folded together.
 * @module
 */
import type { Commit } from "../commits";
import type { FoldState } from "./store";

/** Rows in memory at once, about 1 KB each. */
const MAX_ROWS = 20_000;

/** Rows of the commit that the project has not folded. */
export function rowsIn(commit: Commit, { project, seq }: FoldState): number {
  return commit.seq > seq ? (commit.projects[project]?.[0] ?? 0) : 0;
}

/**
 * Portions of at most `MAX_ROWS` rows to fold, at least one state each. Every state is in a portion, also one without
 * rows: its drops are counted and its watermark moves. Projects are in the order of segments' rows; those with more rows
 * than a portion come last, so that they do not delay the others.
 */
export function portionsOf(states: readonly FoldState[], commits: readonly Commit[]): FoldState[][] {
  const sized = states.map((state) => ({
    state,
    rows: commits.reduce((sum, commit) => sum + rowsIn(commit, state), 0),
  }));
  const excess = (rows: number) => Math.max(0, rows - MAX_ROWS);
  sized.sort((a, b) => excess(a.rows) - excess(b.rows) || (a.state.project < b.state.project ? -1 : 1));
  const portions: FoldState[][] = [];
  let filled = 0;
  for (const { state, rows } of sized) {
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
export function slicesOf(states: readonly FoldState[], commits: readonly Commit[]): Commit[][] {
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

/**
 * The commits of a fold: those of an earlier one that was interrupted after some of its projects, when it was, else all.
 * `after`, before which every project is folded, precedes the first commit.
 */
export function interruptedAt(commits: readonly Commit[], states: Iterable<FoldState>): readonly Commit[] {
  const until = Math.max(0, ...[...states].map(({ seq }) => seq));
  const earlier = commits.filter(({ seq }) => seq <= until);
  return earlier.length ? earlier : commits;
}

/** The projects of a commit. */
export function projectsOf(commit: Commit): string[] {
  return [...Object.keys(commit.projects), ...Object.keys(commit.drops)];
}

/** Whether the commit has rows or drops of the project. */
export function concerns(commit: Commit, project: string): boolean {
  return project in commit.projects || project in commit.drops;
}

/** Whether rows of the project in the commit may have an `event_id` that another row has. */
export function mayRepeat(commit: Commit, project: string): boolean {
  return (commit.projects[project]?.[3] ?? 1) === 1;
}
