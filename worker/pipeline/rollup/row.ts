/**
 * Rollup rows, and how they are named and read.
 * @module
 */
import type { StoredRollupRow } from "../../../schema/tables/shard";
import type { Dimension } from "./dimensions";

export type RollupGrain = "hour" | "day";

/** Names one row. */
export interface RollupKey {
  grain: RollupGrain;
  dimension: Dimension;
  /** Start of the bucket, epoch ms UTC. */
  bucket: number;
}

export interface RollupRow extends RollupKey {
  sealed: boolean;
  body: string;
}

/** A run of buckets of one dimension, half-open. */
export interface RollupSpan {
  grain: RollupGrain;
  dimension: Dimension;
  from: number;
  to: number;
  depth: Depth;
}

/**
 * How much of a row is read, from least to most: only that it exists; also its values, counts and sizes; also its
 * lasting sets; all of it.
 */
export const DEPTHS = ["key", "counts", "lasting", "sets"] as const;
export type Depth = (typeof DEPTHS)[number];

/** A row of the table: of one dimension, or the shared row of a bucket. */
export type StoredRow = Pick<StoredRollupRow, "dimension" | "bucket" | "sealed" | "body"> & {
  grain: RollupGrain;
};

/** A row, and whether it is part of the shared row of its bucket. */
export interface PlacedRow extends RollupRow {
  isShared: boolean;
}
