/**
 * What reading the lake would cost, estimated from the manifest, and whether that is too much.
 * @module
 */

import type { SegmentInfo } from "../../../pipeline/lake";
import { isFieldMeasure } from "../../metrics";
import { type Refusal, refuse } from "../parse/refusal";
import type { Read } from "./reads";
import type { Subquery } from "./subquery";

/** The most that one query may read. About two seconds of one core for a few columns; see the bench. */
export interface Budget {
  rows: number;
  /** Rows times columns. */
  cells: number;
}
export const BUDGET: Budget = { rows: 5_000_000, cells: 20_000_000 };

/** One dataset's part of a query. */
export interface Part {
  read: Read;
  segments: readonly SegmentInfo[];
}

/** Rows of the project that the read takes in, as far as the manifest can tell. */
export function rowsIn({ read, segments }: Part): number {
  let rows = 0;
  for (const segment of segments) {
    for (const [, count, min, max] of Object.values(segment.projects)) {
      const inside = Math.min(max + 1, read.to) - Math.max(min, read.from);
      if (inside > 0) rows += count * Math.min(1, inside / (max + 1 - min));
    }
  }
  return Math.ceil(rows);
}

/** Refuses, before anything is read, what would cost more than the budget. */
export function refuseCost(
  parts: readonly Part[],
  asked: Pick<Subquery, "filter" | "measures" | "level">,
  budget: Budget,
): Refusal | null {
  let rows = 0;
  let cells = 0;
  for (const part of parts) {
    const found = rowsIn(part);
    rows += found;
    cells += found * part.read.columns.length;
  }
  // Of no budget what reads nothing still keeps within.
  if (rows <= budget.rows && cells <= budget.cells) return null;
  const share = Math.min(budget.rows / Math.max(rows, 1), budget.cells / Math.max(cells, 1));
  const days = Math.max(...parts.map(({ read }) => read.to - read.from)) / 86_400_000;
  const most = days * share;
  const fits =
    most >= 1 ? `about ${Math.floor(most)} days` : `about ${Math.max(1, Math.floor(most * 24))} hours`;
  return refuse(
    "budget_exceeded",
    "range",
    `This would read ${format(rows)} rows and ${format(cells)} values; the budget is ${format(budget.rows)} rows and ` +
      `${format(budget.cells)} values. Narrow the range to ${fits}${insteadOf(asked)}.`,
  );
}

/** What else would help. */
function insteadOf({ filter, measures, level }: Pick<Subquery, "filter" | "measures" | "level">): string {
  if (level) return ", or leave out what only single ads and keywords have";
  if (measures.some(isFieldMeasure)) return "; rollups do not keep the values of fields";
  return filter
    ? ", or leave out filters and all but one dimension, which rollups answer"
    : ", or ask for one dimension over whole days, which rollups answer";
}

const format = (n: number) => Math.round(n).toLocaleString("en-US");
