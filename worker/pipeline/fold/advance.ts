/**
 * What commits change besides rollups: the project's watermark and the counts of dropped events.
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import { DAY_MS } from "../../lib/time";
import type { Commit } from "../commits";
import { concerns, mayRepeat } from "./portions";
import type { FoldState } from "./store";

/** The state after the fold: at the last commit that has rows or drops of the project. */
export function advance(state: FoldState, commits: readonly Commit[], rows: readonly EventRow[]): FoldState {
  const own = commits.filter((commit) => commit.seq > state.seq && concerns(commit, state.project));
  const first = rows.reduce(
    (time, row) => Math.min(time, row.timestamp),
    state.first_event_at ?? Number.MAX_SAFE_INTEGER,
  );
  return {
    ...state,
    seq: own.at(-1)?.seq ?? state.seq,
    complete_until: Math.max(state.complete_until ?? 0, ...own.map((commit) => commit.received_until)),
    own_ids: state.own_ids || own.some((commit) => mayRepeat(commit, state.project)) ? 1 : 0,
    first_event_at: first === Number.MAX_SAFE_INTEGER ? null : first,
  };
}

/** Dropped events of commits that the states have not folded: `[project, start of the UTC day, reason, count]`. */
export function dropsOf(
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
