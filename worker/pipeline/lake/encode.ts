/**
 * Encodes rows as one Parquet file. No I/O.
 * @module
 */
import type { ColumnChunk, FileMetaData, RowGroup, SchemaElement } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writeMetadata } from "hyparquet-writer/src/metadata.js";
import { encodeChunk } from "./chunk-encode.ts";
import { columnOf } from "./column-data.ts";
import { type Cell, type ColumnSpec, DATASETS, type Dataset, type RowOf } from "./columns.ts";
import type { EncodedChunk } from "./page.ts";
import { cutGroups, limitsOfRows } from "./row-groups.ts";

/** The rows of each project: `[first_row, rows, min_time, max_time]`. */
export type ProjectRanges = Record<string, [number, number, number, number]>;

/** One row group: the encoded chunks in the order of the dataset's columns. */
export interface EncodedGroup {
  rows: number;
  chunks: EncodedChunk[];
}

export interface EncodedSegment {
  bytes: Uint8Array;
  rows: number;
  min_time: number;
  max_time: number;
  projects: ProjectRanges;
}

const MAGIC = 0x31524150;

/** Sorts rows by project, time and the dataset's ties, and encodes them. @throws when there are none */
export function encodeSegment<D extends Dataset>(dataset: D, rows: readonly RowOf<D>[]): EncodedSegment {
  if (rows.length === 0) throw new Error("lake: a segment needs at least one row");
  const { sorted, projects } = sortRows(dataset, rows);
  const groups: EncodedGroup[] = [];
  const columns = Object.entries(DATASETS[dataset].columns);
  for (const { start, end } of cutGroups(sorted.length, limitsOfRows(dataset, sorted))) {
    const chunks = columns.map(([name, spec]) => encodeChunk(spec, columnOf(sorted, name, spec, start, end)));
    groups.push({ rows: end - start, chunks });
  }
  return { bytes: assembleFile(dataset, groups), rows: sorted.length, ...extent(projects), projects };
}

type LakeRow = Readonly<Record<string, Cell>>;

/** Sorted rows: each project's rows are sorted separately, as they are mostly in order of time already. */
function sortRows(
  dataset: Dataset,
  rows: readonly LakeRow[],
): { sorted: LakeRow[]; projects: ProjectRanges } {
  const { time, ties } = DATASETS[dataset];
  const byProject = Map.groupBy(rows, (row) => String(row.project_id));
  const sorted: LakeRow[] = [];
  const ranges = [...byProject.keys()].sort().map((project): [string, ProjectRanges[string]] => {
    const own = byProject.get(project) ?? [];
    own.sort((a, b) => Number(a[time]) - Number(b[time]) || compareTies(a, b, ties));
    const first = sorted.length;
    for (const row of own) sorted.push(row);
    return [project, [first, own.length, Number(own[0]![time]), Number(own.at(-1)![time])]];
  });
  return { sorted, projects: Object.fromEntries(ranges) };
}

function compareTies(a: LakeRow, b: LakeRow, ties: readonly string[]): number {
  for (const tie of ties) {
    const order = compareCells(a[tie] ?? null, b[tie] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

/** Null first. */
function compareCells(a: Cell, b: Cell): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}

/** Time range over all projects. */
export function extent(projects: ProjectRanges): { min_time: number; max_time: number } {
  let min_time = Number.POSITIVE_INFINITY;
  let max_time = Number.NEGATIVE_INFINITY;
  for (const [, , min, max] of Object.values(projects)) {
    min_time = Math.min(min_time, min);
    max_time = Math.max(max_time, max);
  }
  return { min_time, max_time };
}

/** Assembles a file of encoded row groups: magic, chunks, footer. */
export function assembleFile(dataset: Dataset, groups: readonly EncodedGroup[]): Uint8Array {
  const size = groups.reduce((sum, { chunks }) => chunks.reduce((all, c) => all + c.bytes.length, sum), 0);
  const out = new ByteWriter(size + 16_384 * (groups.length + 1));
  out.appendUint32(MAGIC);
  const columns = Object.entries(DATASETS[dataset].columns);
  const row_groups = groups.map((group): RowGroup => {
    const chunks = group.chunks.map((chunk, index) => {
      const [name, spec] = columns[index]!;
      const offset = out.offset;
      out.appendBytes(chunk.bytes);
      return describeChunk(name, spec, chunk, offset);
    });
    return {
      columns: chunks,
      num_rows: BigInt(group.rows),
      total_byte_size: BigInt(group.chunks.reduce((sum, chunk) => sum + chunk.uncompressedBytes, 0)),
    };
  });
  writeMetadata(out, describeFile(dataset, row_groups));
  out.appendUint32(MAGIC);
  return out.getBytes();
}

function describeFile(dataset: Dataset, row_groups: RowGroup[]): FileMetaData {
  const columns = Object.entries(DATASETS[dataset].columns);
  return {
    version: 2,
    created_by: "selvedge",
    schema: [
      { name: "schema", num_children: columns.length },
      ...columns.map(([name, spec]) => describeColumn(name, spec)),
    ],
    num_rows: row_groups.reduce((sum, group) => sum + group.num_rows, 0n),
    row_groups,
    key_value_metadata: [
      { key: "selvedge.version", value: "1" },
      { key: "selvedge.dataset", value: dataset },
    ],
    metadata_length: 0,
  };
}

function describeColumn(name: string, spec: ColumnSpec): SchemaElement {
  const element = { name, repetition_type: spec.nullable ? ("OPTIONAL" as const) : ("REQUIRED" as const) };
  if (spec.type === "boolean") return { ...element, type: "BOOLEAN" };
  if (spec.type === "int32") return { ...element, type: "INT32" };
  if (spec.type === "int64") return { ...element, type: "INT64" };
  if (spec.type === "double") return { ...element, type: "DOUBLE" };
  if (spec.type === "timestamp") {
    const logical_type = { type: "TIMESTAMP" as const, isAdjustedToUTC: true, unit: "MILLIS" as const };
    return { ...element, type: "INT64", converted_type: "TIMESTAMP_MILLIS", logical_type };
  }
  if (spec.type === "json") {
    return { ...element, type: "BYTE_ARRAY", converted_type: "JSON", logical_type: { type: "JSON" } };
  }
  return { ...element, type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } };
}

function describeChunk(name: string, spec: ColumnSpec, chunk: EncodedChunk, offset: number): ColumnChunk {
  const { type } = describeColumn(name, spec);
  const bounded = chunk.min !== undefined && spec.type !== "boolean";
  return {
    file_offset: BigInt(offset),
    meta_data: {
      type: type!,
      encodings: chunk.encodings,
      path_in_schema: [name],
      codec: chunk.codec,
      num_values: BigInt(chunk.rows),
      total_uncompressed_size: BigInt(chunk.uncompressedBytes),
      total_compressed_size: BigInt(chunk.bytes.length),
      data_page_offset: BigInt(offset + chunk.dictionaryBytes),
      dictionary_page_offset: chunk.dictionaryBytes > 0 ? BigInt(offset) : undefined,
      statistics: {
        null_count: BigInt(chunk.nulls),
        ...(bounded ? { min_value: chunk.min, max_value: chunk.max } : {}),
      },
    },
  };
}
