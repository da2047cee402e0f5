/**
 * The lake: every accepted event as Parquet in R2, with a manifest in D1 of the files that make it up.
 * @module
 */
export { collect } from "./collect.ts";
export { readCached } from "./column-cache.ts";
export type { ColumnData } from "./column-data.ts";
export {
  type Cell,
  type ColumnSpec,
  DATASETS,
  type Dataset,
  type RowOf,
} from "./columns.ts";

export {
  addSegment,
  liveSegments,
  type SegmentFilter,
  segmentsOf,
  selectSegments,
} from "./manifest.ts";
export { mergeStep, type Rewritten, rewriteSegment } from "./merge.ts";
export type { ReadRequest } from "./plan.ts";
export { type ColumnBatch, readColumns } from "./read.ts";
export { retryAfterMerge } from "./retry.ts";
export { cellOf, readRows } from "./rows.ts";
export { SegmentGoneError, type SegmentInfo, segmentPath, writeSegment } from "./segment.ts";
