/**
 * Merging: neighboring segments of a level become one of the next level, with the same rows.
 * @module
 */
import { ulid } from "ulid";
import { guardStatement, runGuardedBatch } from "../../lib/guard.ts";
import type { Dataset, RowOf } from "./columns.ts";
import { assembleFile, type EncodedSegment, extent } from "./encode.ts";
import { addSegment, findSegment, mergeable } from "./manifest.ts";
import { mergeColumns } from "./merge-columns.ts";
import { orderRows } from "./merge-order.ts";
import { fetchSources } from "./merge-source.ts";
import { putSegment, type SegmentInfo } from "./segment.ts";

/** Segments of a level that justify a merge, and the most in one merge. */
const FAN_IN = 8;
/**
 * Most bytes of the inputs together, and so of the output. In memory at a time are inputs, output and one
 * decoded column, or the output twice; 40 MB at most (README).
 */
const OBJECT_BYTES = 12 * 1024 * 1024;

export interface MergeRequest<D extends Dataset> {
  dataset: D;
  /** Every project with rows in a segment up to this commit has folded it. */
  foldedSeq: number;
  now: number;
  /**
   * Returns a filter that is false for rows to remove, for example because of a tombstone or a retention limit; without it
   * no row is removed. Called when there is something to merge. Columns that the filter does not read are not decoded.
   */
  keep?: () => Promise<(row: RowOf<D>) => boolean>;
  /** Merges only segments whose latest rows are of one UTC day, so that rows can be deleted when that day is old enough. */
  isByDay?: boolean;
}

/**
 * Merges once if there is something to merge; false when there is not, or when another merge was first. A crash
 * between any two calls leaves at most an unreferenced object, which `collect` deletes.
 */
export async function mergeStep<D extends Dataset>(
  db: D1Database,
  lake: R2Bucket,
  request: MergeRequest<D>,
): Promise<boolean> {
  const inputs = await chooseInputs(db, request);
  if (inputs.length === 0) return false;
  const { dataset, keep } = request;
  const encoded = await encodeMerged(lake, inputs, { dataset, ...(keep && { keep: await keep() }) });
  const merged = encoded && (await putSegment(lake, request.dataset, encoded, placeOf(inputs, request.now)));
  return swap(db, inputs, merged, request.now);
}

/** What takes the place of a rewritten segment: undefined when no row is left. */
export interface Rewritten {
  segment: SegmentInfo | undefined;
}

/**
 * Writes one segment again without the rows for which `keep` is false; null when it was merged away meanwhile. `keep` is
 * called once for each row of the segment, in order. For rows that leave a dataset early. The segment is read with all
 * projects: one listed for a project has only its ranges. `also` returns statements for the same transaction.
 */
export async function rewriteSegment<D extends Dataset>(
  db: D1Database,
  lake: R2Bucket,
  { id }: Pick<SegmentInfo, "id">,
  request: {
    dataset: D;
    now: number;
    keep: (row: RowOf<D>) => boolean;
    also?: (rewritten: Rewritten) => D1PreparedStatement[];
  },
): Promise<Rewritten | null> {
  const { dataset, now, also } = request;
  const before = await findSegment(db, dataset, id);
  if (!before) return null;
  const { level, seq, created_at } = before;
  const encoded = await encodeMerged(lake, [before], request);
  const place = { id: ulid(now), level, seq, now: created_at };
  const rewritten = { segment: encoded && (await putSegment(lake, dataset, encoded, place)) };
  const isSwapped = await swap(db, [before], rewritten.segment, now, also?.(rewritten));
  return isSwapped ? rewritten : null;
}

/** Neighbors of the lowest level that has eight: as many of them as fit into an object. */
async function chooseInputs(
  db: D1Database,
  { dataset, foldedSeq, isByDay = false }: Pick<MergeRequest<Dataset>, "dataset" | "foldedSeq" | "isByDay">,
): Promise<SegmentInfo[]> {
  // Two of half the size always fit, so a level with eight candidates can always be made smaller.
  const limits = { maxSeq: foldedSeq, maxBytes: OBJECT_BYTES / 2, count: FAN_IN, isByDay };
  let bytes = 0;
  return (await mergeable(db, dataset, limits)).filter((segment) => {
    bytes += segment.bytes;
    return bytes <= OBJECT_BYTES;
  });
}

function placeOf(inputs: readonly SegmentInfo[], now: number) {
  const level = Math.max(...inputs.map((input) => input.level)) + 1;
  const latest = (of: (input: SegmentInfo) => number) => Math.max(...inputs.map(of));
  return {
    id: ulid(now),
    level,
    seq: latest((input) => input.seq),
    now: latest((input) => input.created_at),
  };
}

async function encodeMerged<D extends Dataset>(
  lake: R2Bucket,
  inputs: readonly SegmentInfo[],
  { dataset, keep }: { dataset: D; keep?: (row: RowOf<D>) => boolean },
): Promise<EncodedSegment | undefined> {
  const { groups, order } = await mergeInputs(lake, inputs, dataset, keep);
  if (order.rows === 0) return undefined;
  const { rows, projects } = order;
  return { bytes: assembleFile(dataset, groups), rows, projects, ...extent(projects) };
}

/** A separate function, so that the inputs can be freed before the file is assembled. */
async function mergeInputs<D extends Dataset>(
  lake: R2Bucket,
  inputs: readonly SegmentInfo[],
  dataset: D,
  keep: ((row: RowOf<D>) => boolean) | undefined,
) {
  const sources = await fetchSources(lake, inputs);
  const order = orderRows(dataset, sources, keep);
  return { groups: await mergeColumns(dataset, sources, order), order };
}

/**
 * One transaction: adds the merged segment and marks the inputs dead. Returns false, with nothing written, when another
 * merge has used an input.
 */
function swap(
  db: D1Database,
  inputs: readonly SegmentInfo[],
  merged: SegmentInfo | undefined,
  now: number,
  also: readonly D1PreparedStatement[] = [],
): Promise<boolean> {
  const dataset = inputs[0]!.dataset;
  const ids = JSON.stringify(inputs.map((input) => input.id));
  const guard = guardStatement(
    db,
    `(SELECT count(*) FROM json_each(?1) j JOIN segments s ON s.dataset = ?2 AND s.id = j.value
      WHERE s.dead_at IS NULL) = json_array_length(?1)`,
    ids,
    dataset,
  );
  const retire = db
    .prepare(
      "UPDATE segments SET dead_at = ?3 WHERE dataset = ?2 AND id IN (SELECT value FROM json_each(?1))",
    )
    .bind(ids, dataset, now);
  return runGuardedBatch(db, [guard, ...(merged ? [addSegment(db, merged)] : []), retire, ...also]);
}
