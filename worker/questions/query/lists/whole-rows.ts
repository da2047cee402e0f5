/**
 * All columns of the rows of a page. Rows that are far apart are read one by one, not with everything between them.
 * @module
 */
import type { TimeRange } from "../../../lib/time";
import { type Cell, DATASETS as LAKE, type RowOf, type SegmentInfo } from "../../../pipeline/lake";
import type { BatchView } from "../execute/lake/view";
import type { Budget } from "../plan";
import { costOf, rowsIn } from "../plan/cost";
import type { Position } from "./position";

/** Rows of a page with at most so many others between them are read together. */
const NEAR_ROWS = 2000;

/** Datasets that can be listed. */
export type Listed = "events" | "sessions";

/** Ranges of time that contain the positions, newest first like these. */
export function rangesOf(segments: readonly SegmentInfo[], page: readonly Position[]): TimeRange[] {
  const ranges: TimeRange[] = [];
  for (const { time } of page) {
    const last = ranges.at(-1);
    const isNear =
      last && rowsIn({ read: { columns: [], from: time, to: last.from }, segments }) <= NEAR_ROWS;
    if (isNear) last.from = time;
    else ranges.push({ from: time, to: time + 1 });
  }
  return ranges;
}

/** The positions whose rows can be read within the budget: the newest ones, at least those of one range. */
export function affordable(
  dataset: Listed,
  segments: readonly SegmentInfo[],
  page: Position[],
  budget: Budget,
): Position[] {
  const columns = Object.keys(LAKE[dataset].columns);
  let bytes = 0;
  for (const [i, range] of rangesOf(segments, page).entries()) {
    bytes += costOf([{ dataset, read: { columns, ...range }, segments }], []).bytes;
    if (i > 0 && bytes > budget.bytes) return page.filter(({ time }) => time >= range.to);
  }
  return page;
}

/** A row of a batch that was read with all columns. */
export function rowOf<D extends Listed>(dataset: D, view: BatchView, row: number): RowOf<D> {
  const cells = Object.entries(LAKE[dataset].columns).map(([name, { type }]): [string, Cell] => {
    const data = view.batch.columns[name];
    if (data?.kind === "number") {
      const value = data.values[row]!;
      if (Number.isNaN(value)) return [name, null];
      return [name, type === "boolean" ? value === 1 : value];
    }
    const coded = view.column(name);
    return [name, coded.dictionary[coded.codes[row]!] ?? null];
  });
  // The dataset's columns are declared as the keys of its row type: all of them make the row.
  return Object.fromEntries(cells) as RowOf<D>;
}
