/**
 * The lake: every accepted event as Parquet in R2, with a manifest in D1 of the files that make it up.
 * @module
 */
export { collect } from "./collect.ts";
export { readCached } from "./column-cache.ts";
export type { Codes, ColumnData } from "./column-data.ts";
export {
  type Cell,
  type ColumnSpec,
  type ColumnType,
  DATASETS,
  type Dataset,
  type DatasetSpec,
  type RowOf,
} from "./columns.ts";
export type { ProjectRanges } from "./encode.ts";
export {
  addSegment,
  liveSegments,
  type SegmentFilter,
  segmentsOf,
  selectSegments,
} from "./manifest.ts";
export { type MergeRequest, mergeStep, type Rewritten, rewriteSegment } from "./merge.ts";
export type { ReadRequest } from "./plan.ts";
export { type ColumnBatch, readColumns } from "./read.ts";
export { retryAfterMerge } from "./retry.ts";
export { cellOf, type RowRequest, readRows } from "./rows.ts";
export { SegmentGoneError, type SegmentInfo, segmentPath, writeSegment } from "./segment.ts";
