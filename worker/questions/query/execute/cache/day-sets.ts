/**
 * Rollup rows of open days, with their sets. A day's sets can have hundreds of KB, and the cards of a dashboard request the
 * same ones at once and again within a minute. Cached rows are read without sets; an entry is valid while the rows'
 * first lines are the same, as everything that changes a row also changes the project's `seq` or `epoch`.
 * @module
 */
import { Lru } from "../../../../lib/lru";
import type { RollupRow, RollupSpan } from "../../../../pipeline/rollup";
import type { ProjectState } from "../snapshot-store";

/** Rows of one span. Longer spans are of days that are over, which `sealed-sums` covers. */
const MAX_ROWS = 3;

interface DaySets {
  seq: number;
  epoch: number;
  rows: RollupRow[];
}

/** Key: project and span. */
const daySets = new Lru<string, DaySets>({
  maxSize: 8_000_000, // characters
  sizeOf: ({ rows }) => rows.reduce((sum, { body }) => sum + body.length, 0),
});

/** A project and the version of its rows. */
export interface RowVersion extends Pick<ProjectState, "seq" | "epoch"> {
  project: string;
}

/** Returns the span, without sets if these are cached. */
export function withoutCachedSets(version: RowVersion, span: RollupSpan): RollupSpan {
  return cachedSets(version, span) ? { ...span, depth: "counts" } : span;
}

/**
 * Adds cached sets to rows, and caches rows that were read with sets. `wanted` are the spans as planned, `read` the same
 * ones as read. Returns null when a cached entry is out of date.
 */
export function withCachedSets(
  version: RowVersion,
  { wanted, read }: { wanted: readonly RollupSpan[]; read: readonly RollupSpan[] },
  rows: readonly RollupRow[],
): RollupRow[] | null {
  const byDimension = Map.groupBy(rows, (row) => row.dimension);
  const whole = new Map<RollupRow, RollupRow>();
  for (const [i, span] of wanted.entries()) {
    if (span.depth !== "lasting") continue;
    const found = (byDimension.get(span.dimension) ?? []).filter((row) => isIn(span, row));
    if (read[i]!.depth === "lasting") {
      cacheSets(version, span, found);
      continue;
    }
    const before = cachedSets(version, span)?.rows;
    if (before?.length !== found.length) return null;
    for (const [at, row] of found.entries()) {
      if (!isSame(before[at]!, row)) return null;
      whole.set(row, before[at]!);
    }
  }
  return rows.map((row) => whole.get(row) ?? row);
}

const isIn = ({ grain, from, to }: RollupSpan, row: RollupRow) =>
  row.grain === grain && from <= row.bucket && row.bucket < to;

/** Whether a row that was read without sets is the cached one. */
const isSame = (whole: RollupRow, read: RollupRow) =>
  whole.bucket === read.bucket && whole.sealed === read.sealed && whole.body.startsWith(`${read.body}\n`);

const cacheKeyOf = (project: string, { grain, dimension, from, to }: RollupSpan) =>
  JSON.stringify([project, grain, dimension, from, to]);

function cachedSets({ project, seq, epoch }: RowVersion, span: RollupSpan): DaySets | null {
  const entry = span.depth === "lasting" ? daySets.get(cacheKeyOf(project, span)) : undefined;
  return entry?.seq === seq && entry.epoch === epoch ? entry : null;
}

function cacheSets({ project, seq, epoch }: RowVersion, span: RollupSpan, rows: RollupRow[]): void {
  const key = cacheKeyOf(project, span);
  daySets.delete(key);
  if (rows.length <= MAX_ROWS) daySets.set(key, { seq, epoch, rows });
}
