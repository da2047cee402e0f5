/**
 * Merging: eight segments of a level become one of the next, with the same rows.
 * @module
 */
import { ulid } from "ulid";
import type { Dataset, RowOf } from "./columns.ts";
import { addSegment, liveSegments } from "./manifest.ts";
import { readRows } from "./rows.ts";
import { type SegmentInfo, writeSegment } from "./segment.ts";

/** Segments that become one. */
const FAN_IN = 8;
/** Largest object; what is larger is left alone. */
const OBJECT_BYTES = 16 * 1024 * 1024;

export interface MergeRequest<D extends Dataset> {
  dataset: D;
  /** Every project with rows in a segment up to this commit has folded it. */
  foldedSeq: number;
  now: number;
  /** Rows to leave out, as an erasure's tombstone or a retention limit says; left out itself: every row is kept. */
  keep?: (row: RowOf<D>) => boolean;
}

/**
 * Merges once if there is something to merge; false when there is not, or when another merge was first. A crash
 * between any two calls leaves at most an object that nothing refers to, which `collect` deletes.
 */
export async function mergeStep<D extends Dataset>(
  db: D1Database,
  lake: R2Bucket,
  request: MergeRequest<D>,
): Promise<boolean> {
  const live = await liveSegments(db, request.dataset, { maxSeq: request.foldedSeq });
  const inputs = chooseInputs(live);
  if (!inputs) return false;
  const merged = await mergeRows(lake, inputs, request);
  return swap(db, inputs, merged, request.now);
}

/** Eight neighbours of the lowest level that has them and whose merge fits an object. */
export function chooseInputs(live: readonly SegmentInfo[]): SegmentInfo[] | undefined {
  const levels = Map.groupBy(live, (segment) => segment.level);
  for (const level of [...levels.keys()].sort((a, b) => a - b)) {
    const segments = levels.get(level) ?? [];
    for (let first = 0; first + FAN_IN <= segments.length; first++) {
      const inputs = segments.slice(first, first + FAN_IN);
      if (inputs.reduce((sum, { bytes }) => sum + bytes, 0) <= OBJECT_BYTES) return inputs;
    }
  }
  return undefined;
}

async function mergeRows<D extends Dataset>(
  lake: R2Bucket,
  inputs: readonly SegmentInfo[],
  { dataset, now, keep }: MergeRequest<D>,
): Promise<SegmentInfo | undefined> {
  const rows: RowOf<D>[] = [];
  for (const input of inputs) {
    for (const row of await readRows(lake, input, { dataset })) if (!keep || keep(row)) rows.push(row);
  }
  if (rows.length === 0) return undefined;
  const seq = Math.max(...inputs.map((input) => input.seq));
  return writeSegment(lake, dataset, rows, { id: ulid(now), level: inputs[0]!.level + 1, seq, now });
}

/** One transaction: aborts unless every input is live, adds the merged segment, declares the inputs dead. */
async function swap(
  db: D1Database,
  inputs: readonly SegmentInfo[],
  merged: SegmentInfo | undefined,
  now: number,
): Promise<boolean> {
  const dataset = inputs[0]!.dataset;
  const ids = JSON.stringify(inputs.map((input) => input.id));
  const guard = db
    .prepare(
      `SELECT CASE WHEN (SELECT count(*) FROM json_each(?1) j JOIN segments s ON s.dataset = ?2 AND s.id = j.value
       WHERE s.dead_at IS NULL) = json_array_length(?1) THEN 1 ELSE json('') END`,
    )
    .bind(ids, dataset);
  const retire = db
    .prepare(
      "UPDATE segments SET dead_at = ?3 WHERE dataset = ?2 AND id IN (SELECT value FROM json_each(?1))",
    )
    .bind(ids, dataset, now);
  try {
    await db.batch([guard, ...(merged ? [addSegment(db, merged)] : []), retire]);
    return true;
  } catch (error) {
    // What `json('')` in the guard raises: somebody else has merged an input.
    if (error instanceof Error && error.message.includes("malformed JSON")) return false;
    throw error;
  }
}
