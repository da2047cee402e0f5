/**
 * The cost of reading the lake, estimated from the manifest, and its limit.
 * @module
 */

import type { SegmentInfo } from "../../../pipeline/lake";
import { isFieldMeasure } from "../../metrics";
import { type Refusal, refuse } from "../parse/refusal";
import type { Read } from "./lake-plan";
import type { Subquery } from "./subquery";

/** The most that one query may read: about two seconds of one core for a few columns; see the bench. */
export interface Budget {
  rows: number;
  /** Rows times columns. */
  cells: number;
}
export const BUDGET: Budget = { rows: 5_000_000, cells: 20_000_000 };

/** One pass and the segments that it reads. */
export interface ScanPart {
  read: Read;
  segments: readonly SegmentInfo[];
}

/** Estimates the rows of a read. */
export function rowsIn({ read, segments }: ScanPart): number {
  let rows = 0;
  for (const segment of segments) {
    for (const [, count, min, max] of Object.values(segment.projects)) {
      const inside = Math.min(max + 1, read.to) - Math.max(min, read.from);
      if (inside > 0) rows += count * Math.min(1, inside / (max + 1 - min));
    }
  }
  return Math.ceil(rows);
}

/** Refuses scans that would exceed the budget. Reads nothing. */
export function refuseCost(
  parts: readonly ScanPart[],
  subquery: Pick<Subquery, "filter" | "measures" | "level">,
  budget: Budget,
): Refusal | null {
  let rows = 0;
  let cells = 0;
  for (const part of parts) {
    const found = rowsIn(part);
    rows += found;
    cells += found * part.read.columns.length;
  }
  if (rows <= budget.rows && cells <= budget.cells) return null;
  const share = Math.min(budget.rows / Math.max(rows, 1), budget.cells / Math.max(cells, 1));
  const days = Math.max(...parts.map(({ read }) => read.to - read.from)) / 86_400_000;
  const most = days * share;
  const fits =
    most >= 1 ? `about ${Math.floor(most)} days` : `about ${Math.max(1, Math.floor(most * 24))} hours`;
  return refuse(
    "budget_exceeded",
    "range",
    `The query would read ${format(rows)} rows and ${format(cells)} values; at most ${format(budget.rows)} rows and ` +
      `${format(budget.cells)} values are allowed. Narrow the range to ${fits}${otherChanges(subquery)}.`,
  );
}

/** Other changes that reduce the cost. */
function otherChanges({ filter, measures, level }: Pick<Subquery, "filter" | "measures" | "level">): string {
  if (level) return ", or remove dimensions of single ads and keywords";
  if (measures.some(isFieldMeasure)) return "; rollups do not have the values of fields";
  return filter
    ? ", or remove filters and all but one dimension, so that rollups can answer"
    : ", or use one dimension over whole days, so that rollups can answer";
}

const format = (n: number) => Math.round(n).toLocaleString("en-US");
