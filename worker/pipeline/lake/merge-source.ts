/**
 * Inputs of a merge: whole objects in memory, decoded one column of a row group at a time.
 * @module
 */
import { decodeChunk } from "./chunk-decode.ts";
import { type ColumnData, nullColumn } from "./column-data.ts";
import { type Cell, DATASETS, type Dataset, type RowOf } from "./columns.ts";
import { footerOf, type GroupPlace, readRange } from "./footer.ts";
import { cellOf } from "./rows.ts";
import type { SegmentInfo } from "./segment.ts";

/** One row group of one input. */
export interface MergeSource {
  input: SegmentInfo;
  group: GroupPlace;
  /** The input's whole object. */
  object: Uint8Array;
}

/** Connections a Worker may have open at once (Workers › Platform › Limits). */
const CONNECTIONS = 6;

/** Fetches the inputs, each with one get, and lists their row groups in order. */
export async function fetchSources(lake: R2Bucket, inputs: readonly SegmentInfo[]): Promise<MergeSource[]> {
  const sources = new Array<MergeSource[]>(inputs.length);
  let next = 0;
  const work = async () => {
    while (next < inputs.length) {
      const index = next++;
      const input = inputs[index]!;
      const object = await readRange(lake, input, 0, input.bytes);
      sources[index] = footerOf(object).groups.map((group) => ({ input, group, object }));
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS, inputs.length) }, work));
  return sources.flat();
}

/**
 * Opens sources as rows of them are reached, and releases those that were passed: rows are merged in the order of their
 * input, so one row group of each input is open.
 */
export function openInOrder<T>(
  sources: readonly MergeSource[],
  open: (source: MergeSource) => T,
): (source: number) => T {
  const inputs = [...new Set(sources.map(({ input }) => input))];
  const inputOf = Uint16Array.from(sources, ({ input }) => inputs.indexOf(input));
  const opened: { source: number; value: T }[] = [];
  return (source) => {
    const input = inputOf[source]!;
    const current = opened[input];
    if (current?.source === source) return current.value;
    const value = open(sources[source]!);
    opened[input] = { source, value };
    return value;
  };
}

/** The bytes of a source's column chunk; undefined when the file was written before the column existed. */
export function chunkOf(
  { group, object }: MergeSource,
  name: string,
): { bytes: Uint8Array; codec: string } | undefined {
  const place = group.chunks.get(name);
  return place && { bytes: object.subarray(place.start, place.end), codec: place.codec };
}

/** A whole column of a source. */
export function columnOfSource(dataset: Dataset, source: MergeSource, name: string): ColumnData {
  const spec = DATASETS[dataset].columns[name]!;
  const chunk = chunkOf(source, name);
  const { rows } = source.group;
  return chunk ? decodeChunk(chunk.bytes, chunk.codec, spec, { rows }) : nullColumn(spec, rows);
}

/** Which rows of a source pass `keep` (1: passes). Only the columns that `keep` reads are decoded. */
export function filterRows<D extends Dataset>(
  dataset: D,
  source: MergeSource,
  keep: (row: RowOf<D>) => boolean,
): Uint8Array {
  let current = 0;
  const row: Record<string, Cell> = {};
  for (const [name, spec] of Object.entries(DATASETS[dataset].columns)) {
    let data: ColumnData | undefined;
    const get = (): Cell => {
      data ??= columnOfSource(dataset, source, name);
      return cellOf(data, spec, current);
    };
    Object.defineProperty(row, name, { get, enumerable: true });
  }
  const passing = new Uint8Array(source.group.rows);
  // The columns are `satisfies Record<keyof Row, …>`: the getters are the dataset's row.
  for (; current < passing.length; current++) passing[current] = keep(row as RowOf<D>) ? 1 : 0;
  return passing;
}
