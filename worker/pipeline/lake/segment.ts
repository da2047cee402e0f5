/**
 * A segment: one immutable Parquet object of one dataset, with rows of many projects.
 * @module
 */
import type { Dataset, RowOf } from "./columns.ts";
import { type EncodedSegment, encodeSegment, type ProjectRanges } from "./encode.ts";

/** A segment's manifest entry. Times are epoch ms, inclusive at both ends. */
export interface SegmentInfo {
  /** ULID. */
  id: string;
  dataset: Dataset;
  /** 0 as committed; each merge adds one. */
  level: number;
  rows: number;
  bytes: number;
  min_time: number;
  max_time: number;
  /** `[first_row, rows, min_time, max_time]` of each project; only of one when filtered by project. */
  projects: ProjectRanges;
  /** Commit that made it, or the largest of its inputs; 0 for datasets without commits. */
  seq: number;
  /** When its latest rows were added to the lake; merges preserve it. */
  created_at: number;
}

/** Object key. The version allows another layout without a migration. */
export function segmentPath(dataset: Dataset, level: number, id: string): string {
  return `lake/v1/${dataset}/log/${level}-${id}.parquet`;
}

/** Sorts and encodes rows and stores them with one R2 put. The segment is not in the lake before `addSegment`. */
export async function writeSegment<D extends Dataset>(
  lake: R2Bucket,
  dataset: D,
  rows: readonly RowOf<D>[],
  at: { id: string; level: number; seq: number; now: number },
): Promise<SegmentInfo> {
  return putSegment(lake, dataset, encodeSegment(dataset, rows), at);
}

/** Stores an encoded segment with one R2 put. */
export async function putSegment(
  lake: R2Bucket,
  dataset: Dataset,
  encoded: EncodedSegment,
  at: { id: string; level: number; seq: number; now: number },
): Promise<SegmentInfo> {
  const { bytes, ...known } = encoded;
  const { id, level, seq, now } = at;
  const httpMetadata = { contentType: "application/vnd.apache.parquet" };
  await lake.put(segmentPath(dataset, level, id), bytes, { httpMetadata });
  return { id, dataset, level, seq, created_at: now, bytes: bytes.length, ...known };
}

/** The object of a live segment is gone: it was merged after the manifest was read. Plan again once. */
export class SegmentGoneError extends Error {
  override readonly name = "SegmentGoneError";

  readonly segment: string;

  constructor(segment: string) {
    super(`lake: segment ${segment} is gone; read the manifest again`);
    this.segment = segment;
  }
}
