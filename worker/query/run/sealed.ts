/**
 * Rollup rows that have left D1 for the lake: the same rows, so the same plan answers from both.
 * @module
 */
import type { RollupRow as LakeRow } from "../../../schema/wire/derived";
import { DATASETS, type RowOf, readRows, type SegmentInfo } from "../../lake";
import { bucketStart } from "../../lib/time";
import { DAYS_KEPT_MS, implode, type RollupRow, type RollupSpan } from "../../rollup";
import type { Cost } from "./lake/sources";

/** A day less than rows are kept in D1: sealing runs when it can. */
const SURELY_KEPT_MS = DAYS_KEPT_MS - 86_400_000;

/** The stretch of the spans that may have been sealed; null when all are surely in D1. */
export function sealedRange(spans: readonly RollupSpan[], now: number): { from: number; to: number } | null {
  const horizon = now - SURELY_KEPT_MS;
  const old = spans.filter(({ from }) => from < horizon);
  if (!old.length) return null;
  return {
    from: Math.min(...old.map(({ from }) => from)),
    to: Math.min(horizon, Math.max(...old.map(({ to }) => to))),
  };
}

export interface SealedRequest {
  project: string;
  spans: readonly RollupSpan[];
  range: { from: number; to: number };
  /** Start of a day → smallest epoch of rows that are alive. */
  derived: ReadonlyMap<number, number>;
  zone: string;
}

/** Rows of the spans that the lake holds. Where D1 has the same row, D1's is the newer. */
export async function readSealed(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  request: SealedRequest,
  cost: Cost,
): Promise<RollupRow[]> {
  const { project, spans, range, derived, zone } = request;
  const newest = new Map<string, { epoch: number; rows: LakeRow[] }>();
  const width = Object.keys(DATASETS.rollups.columns).length;
  for (const segment of segments) {
    const rows: RowOf<"rollups">[] = await readRows(lake, segment, { dataset: "rollups", project, ...range });
    cost.rows += rows.length;
    cost.bytes += Math.round((segment.bytes * rows.length) / Math.max(segment.rows, 1)) || width;
    for (const row of rows) {
      const isWanted = spans.some(
        (s) =>
          s.grain === row.grain && s.dimension === row.dimension && s.from <= row.bucket && row.bucket < s.to,
      );
      if (!isWanted || row.epoch < (derived.get(bucketStart(row.bucket, "day", zone)) ?? 0)) continue;
      const key = JSON.stringify([row.grain, row.dimension, row.bucket]);
      const known = newest.get(key);
      if (!known || known.epoch < row.epoch) newest.set(key, { epoch: row.epoch, rows: [row] });
      else if (known.epoch === row.epoch) known.rows.push(row);
    }
  }
  return implode([...newest.values()].flatMap(({ rows }) => rows));
}

/** Rows of D1 and of the lake as one list. */
export function unionRows(stored: readonly RollupRow[], sealed: readonly RollupRow[]): RollupRow[] {
  const keyOf = ({ grain, dimension, bucket }: RollupRow) => `${grain} ${bucket} ${dimension}`;
  const known = new Set(stored.map(keyOf));
  return [...stored, ...sealed.filter((row) => !known.has(keyOf(row)))];
}
