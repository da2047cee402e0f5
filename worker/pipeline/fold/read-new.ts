/**
 * Reads the rows of commits that projects have not folded yet.
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import type { Commit } from "../commits";
import { readRows, type SegmentInfo } from "../lake";
import { COUNTED_COLUMNS } from "./event-columns";
import { rowsIn } from "./portions";
import type { FoldState } from "./store";

/** A project's rows of one commit, in the order of its segment. */
export interface NewRows {
  commit: Commit;
  state: FoldState;
  segment: SegmentInfo;
  /** Position of the first one in the segment. */
  first: number;
  rows: EventRow[];
}

/** The rows of the commits that each of the projects has not folded yet, in the order of the commits. */
export async function readNew(
  lake: R2Bucket,
  segments: ReadonlyMap<string, SegmentInfo>,
  commits: readonly Commit[],
  behind: readonly FoldState[],
): Promise<NewRows[]> {
  const found: NewRows[] = [];
  for (const commit of commits) {
    const states = behind.filter((state) => rowsIn(commit, state) > 0);
    if (!commit.segment || !states.length) continue;
    const segment = segments.get(commit.segment);
    if (!segment)
      throw new Error(`fold: segment ${commit.segment} of commit ${commit.seq} is not in the manifest`);
    const projects = states.map((state) => state.project);
    const rows = Map.groupBy(
      await readRows(lake, segment, { ...COUNTED_COLUMNS, projects }),
      (row) => row.project_id,
    );
    for (const state of states) {
      const first = segment.projects[state.project]?.[0] ?? 0;
      found.push({ commit, state, segment, first, rows: rows.get(state.project) ?? [] });
    }
  }
  return found;
}

/** The rows by project. */
export function byProject(parts: readonly NewRows[]): Map<string, EventRow[]> {
  const rows = new Map<string, EventRow[]>();
  for (const { state, rows: own } of parts) {
    const list = rows.get(state.project) ?? [];
    for (const row of own) list.push(row);
    rows.set(state.project, list);
  }
  return rows;
}
