/**
 * Fold: reads the commits since the watermark, adds them up per project, and writes rollups, sessions and the new
 * watermark in one guarded transaction per group of projects.
 * @module
 */

import type { EventRow } from "../../../schema/wire/row";
import { commitsAfter } from "../commits";
import { liveSegments } from "../lake";
import type { FoldStores, GroupOutcome } from "./group";
import { foldIsolated } from "./isolate";
import { concerns, interruptedAt, portionsOf, projectsOf, slicesOf } from "./portions";
import { byProject, readNew } from "./read-new";
import { removeRepeats } from "./repeats";
import { type FoldState, foldStates } from "./store";

/** Commits read in one fold: at a fold every 10 minutes and a delivery a second, all of them. Each is up to 5 KB. */
const MAX_COMMITS = 1000;
/** Projects folded together. */
const MAX_PROJECTS = 50;

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
 * commits there are: D1 bills per row written. It stops between groups when the time is up; `until` then stays, and the
 * next call finishes the same commits first, skipping the projects that are done: no project waits for newer commits of others.
 * @throws when a guard fails because another folder was faster, or storage fails: nothing of that group is written
 * then.
 */
export async function foldOnce(
  stores: FoldStores,
  after: number,
  now: number,
  isTimeUp: () => boolean = () => false,
): Promise<FoldOutcome> {
  const all = await commitsAfter(stores.db, after, MAX_COMMITS);
  const outcome: FoldOutcome = {
    until: after,
    folded: all.length > 0,
    events: 0,
    completed: new Map(),
    dirty: 0,
  };
  const states = await foldStates(stores.db, new Set(all.flatMap(projectsOf)));
  const commits = interruptedAt(all, states.values());
  const last = commits.at(-1);
  if (!last) return outcome;
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
      const parts = await readNew(stores.lake, segments, slice, current);
      const ids = await removeRepeats(stores, current, parts, segments, now);
      const rows = byProject(parts);
      const moved: FoldState[] = [];
      for (const group of groupsOf(current)) {
        if (!isFirst && isTimeUp()) return outcome;
        isFirst = false;
        const folded = await foldIsolated(stores, { states: group, commits: slice, rows, now, isTimeUp });
        count(outcome, folded, rows);
        moved.push(...folded.moved);
        for (const state of folded.moved) stores.ids?.put(state, ids.get(state.project) ?? new Map());
        if (folded.moved.length < group.length) return outcome;
      }
      current = moved;
    }
  }
  outcome.until = last.seq;
  return outcome;
}

/** Projects to fold together. One whose time zone changes has two generations of open sessions: it is alone, after the others. */
function groupsOf(states: readonly FoldState[]): FoldState[][] {
  const isChanging = ({ next_timezone }: FoldState) => next_timezone !== null;
  const others = states.filter((state) => !isChanging(state));
  const groups: FoldState[][] = [];
  for (let at = 0; at < others.length; at += MAX_PROJECTS) groups.push(others.slice(at, at + MAX_PROJECTS));
  return [...groups, ...states.filter(isChanging).map((state) => [state])];
}

function count(
  outcome: FoldOutcome,
  { moved, dirty }: GroupOutcome,
  rows: ReadonlyMap<string, EventRow[]>,
): void {
  for (const { project, complete_until } of moved) {
    outcome.events += rows.get(project)?.length ?? 0;
    if (complete_until !== null) outcome.completed.set(project, complete_until);
  }
  outcome.dirty += dirty;
}
