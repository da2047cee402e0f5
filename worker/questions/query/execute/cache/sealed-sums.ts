/**
 * Sums of sealed rollup rows. An entry is valid while the project's epoch, which is raised by everything that rewrites a
 * sealed row, and the list of rows are the same.
 * @module
 */
import { Lru } from "../../../../lib/lru";
import type { TimeRange } from "../../../../lib/time";
import type { AggregateTable } from "../../table/aggregate-table";
import type { Gap } from "../rollup/aggregate";

export interface SealedSum {
  epoch: number;
  /** Identifies the rows. */
  rows: string;
  table: AggregateTable;
  gaps: Gap[];
  others: TimeRange[];
}

/** Key: project, time zone, subquery, edges, spans. Each sketch counts as large as it can grow. */
export const sealedSums = new Lru<string, SealedSum>({
  maxSize: 16 * 1024 * 1024, // bytes
  sizeOf: ({ table }) => table.weight,
});
