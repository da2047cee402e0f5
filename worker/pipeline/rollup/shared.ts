/**
 * The row that the small dimensions of a bucket share: D1 bills per row written, and a quiet site has twenty small
 * dimensions. A dimension that becomes large moves to a row of its own and stays there.
 * @module
 */
import { DIMENSIONS, type Dimension } from "./dimensions";
import { encodePacked } from "./packed";
import type { Depth, PlacedRow, RollupKey, RollupRow, RollupSpan, StoredRow } from "./row";

/** Name of the shared row, instead of a dimension. */
export const SHARED = "*";
/** Bytes of a shared row: it is read and written as a whole. */
const MAX_BYTES = 16_384;

/** The bodies in a shared row by dimension. */
type Bodies = Partial<Record<string, string>>;

const bodiesIn = (row: StoredRow) => JSON.parse(row.body) as Bodies;
const isDimension = (name: string): name is Dimension => Object.hasOwn(DIMENSIONS, name);
const bucketKey = ({ grain, bucket }: Pick<RollupKey, "grain" | "bucket">) => `${grain} ${bucket}`;

/** Rows by dimension. Those of dimensions unknown to this version are left out. */
export function unpackRows(stored: readonly StoredRow[]): PlacedRow[] {
  return stored.flatMap((row) => {
    const { grain, dimension, bucket, body } = row;
    const sealed = row.sealed === 1;
    if (dimension !== SHARED)
      return isDimension(dimension) ? [{ grain, dimension, bucket, sealed, body, isShared: false }] : [];
    return Object.entries(bodiesIn(row)).flatMap(([name, own]): PlacedRow[] =>
      isDimension(name) && own !== undefined
        ? [{ grain, dimension: name, bucket, sealed, body: own, isShared: true }]
        : [],
    );
  });
}

/**
 * The rows of spans. A dimension that a bucket with a shared row does not have is a row without values, so that the buckets
 * of a span can be listed without reading them.
 */
export function unpackSpans(stored: readonly StoredRow[], spans: readonly RollupSpan[]): RollupRow[] {
  const own = unpackRows(stored.filter(({ dimension }) => dimension !== SHARED));
  const known = new Set(own.map((row) => `${bucketKey(row)} ${row.dimension}`));
  const shared = stored.filter(({ dimension }) => dimension === SHARED);
  const found = shared.flatMap((row) => {
    const { grain, bucket } = row;
    const bodies = bodiesIn(row);
    return spans.flatMap((span): RollupRow[] => {
      const { dimension, depth } = span;
      if (!isIn(span, row) || known.has(`${bucketKey(row)} ${dimension}`)) return [];
      const body = cutBody(bodies[dimension] ?? encodePacked(dimension, EMPTY), depth);
      return [{ grain, dimension, bucket, sealed: row.sealed === 1, body }];
    });
  });
  return [...own, ...found];
}

const EMPTY = { values: [], counts: {}, sets: {} };
const isIn = (span: RollupSpan, { grain, bucket }: Pick<RollupKey, "grain" | "bucket">) =>
  span.grain === grain && span.from <= bucket && bucket < span.to;

/** A body as far as a depth needs it; SQL does the same for rows of one dimension. */
function cutBody(body: string, depth: Depth): string {
  if (depth === "sets") return body;
  if (depth === "key") return "";
  const end = body.indexOf("\n");
  return body.slice(0, depth === "counts" ? end : end + 1 + Number.parseInt(body, 10));
}

/** The ranges of spans, as spans of shared rows. */
export function sharedSpans(spans: readonly RollupSpan[]): Omit<RollupSpan, "dimension">[] {
  const merged: Omit<RollupSpan, "dimension">[] = [];
  for (const { grain, from, to } of spans.toSorted((a, b) => a.from - b.from)) {
    const last = merged.findLast((span) => span.grain === grain);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else merged.push({ grain, from, to, depth: "sets" });
  }
  return merged;
}

/** The rows to store after a change. `before`: all rows of the same buckets that are shared, and those that are changed. */
export function placeRows(rows: readonly RollupRow[], before: readonly PlacedRow[]): StoredRow[] {
  const placed = Map.groupBy(before, bucketKey);
  return [...Map.groupBy(rows, bucketKey)].flatMap(([bucket, changed]) =>
    placeBucket(changed, placed.get(bucket) ?? []),
  );
}

function placeBucket(changed: readonly RollupRow[], before: readonly PlacedRow[]): StoredRow[] {
  const alone = new Set(before.filter((row) => !row.isShared).map(({ dimension }) => dimension));
  const [own, shared] = [
    changed.filter(({ dimension }) => alone.has(dimension)),
    changed.filter(({ dimension }) => !alone.has(dimension)),
  ];
  const [first] = shared;
  if (!first) return own.map(storedOf);
  const bodies = new Map(
    [...before.filter(({ isShared }) => isShared), ...shared].map((row) => [row.dimension, row]),
  );
  const bySize = [...bodies.values()].sort((a, b) => b.body.length - a.body.length);
  let bytes = bySize.reduce((sum, row) => sum + bytesOf(row), 0);
  while (bytes > MAX_BYTES) {
    const largest = bySize.shift()!;
    bodies.delete(largest.dimension);
    own.push({ ...largest, sealed: first.sealed });
    bytes -= bytesOf(largest);
  }
  const body = JSON.stringify(
    Object.fromEntries([...bodies].map(([dimension, row]) => [dimension, row.body])),
  );
  return [...own.map(storedOf), storedOf({ ...first, dimension: SHARED, body })];
}

const encoder = new TextEncoder();
const bytesOf = ({ body }: RollupRow) => encoder.encode(JSON.stringify(body)).length;

/** A row of one dimension as stored. */
export function storedOf({
  grain,
  dimension,
  bucket,
  sealed,
  body,
}: Omit<RollupRow, "dimension"> & { dimension: string }): StoredRow {
  return { grain, dimension, bucket, sealed: sealed ? 1 : 0, body };
}
