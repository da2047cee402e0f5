/**
 * The lake: cost of writing, merging and reading a row, beside DuckDB and the plain libraries on the same rows.
 * CPU times of this process, which do not depend on other processes.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { DuckDBInstance } from "@duckdb/node-api";
import { parquetMetadata, parquetRead } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { EventRow } from "../../schema/wire/row.ts";
import { DATASETS } from "../../worker/pipeline/lake/columns.ts";
import { assembleFile, encodeSegment, extent } from "../../worker/pipeline/lake/encode.ts";
import { mergeColumns } from "../../worker/pipeline/lake/merge-columns.ts";
import { orderRows } from "../../worker/pipeline/lake/merge-order.ts";
import { fetchSources } from "../../worker/pipeline/lake/merge-source.ts";
import { readColumns } from "../../worker/pipeline/lake/read.ts";
import { readRows } from "../../worker/pipeline/lake/rows.ts";
import { putSegment, type SegmentInfo } from "../../worker/pipeline/lake/segment.ts";
import { makeRows } from "../worker/pipeline/lake/make-rows.ts";
import { memoryBucket } from "./lake-bucket.ts";

/** One line of the table. */
export interface LakeLine {
  name: string;
  rows: number;
  us_per_row: number;
  rows_per_second: number;
  note: string;
}

const SEGMENT_ROWS = 10_000;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Runs the benchmark over about `total` rows and returns its lines. */
export async function benchLake(total: number): Promise<LakeLine[]> {
  const lines: LakeLine[] = [];
  const measure = async (name: string, rows: number, run: () => unknown, note = "") => {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    const us = user + system;
    lines.push({ name, rows, us_per_row: us / rows, rows_per_second: (rows / us) * 1e6, note });
  };
  const { bucket, objects } = memoryBucket();
  const count = Math.ceil(total / SEGMENT_ROWS);
  const rows = count * SEGMENT_ROWS;
  // Generated again each time: rows that stay referenced would slow the garbage collector in every line below.
  const part = (seed: number) =>
    makeRows({ count: SEGMENT_ROWS, seed, projects: ["a", "b", "c"], start: seed * 3_600_000 });

  const segments: SegmentInfo[] = [];
  let encodeUs = 0;
  for (let index = 0; index < count; index++) {
    const made = part(index);
    const before = process.cpuUsage();
    segments.push(await putSegment(bucket, "events", encodeSegment("events", made), at(index, 0)));
    const { user, system } = process.cpuUsage(before);
    encodeUs += user + system;
  }
  const perRow = encodeUs / rows;
  const note = `${(sum(segments.map((segment) => segment.bytes)) / rows).toFixed(1)} bytes a row`;
  lines.push({
    name: "encode and put, 10,000 rows a segment",
    rows,
    us_per_row: perRow,
    rows_per_second: 1e6 / perRow,
    note,
  });
  const few = part(0);
  await measure("encode, 100 rows a segment", 20_000, () => {
    for (let i = 0; i < 200; i++) encodeSegment("events", few.slice(i, i + 100));
  });
  await measure("read whole rows", rows, async () => {
    for (const segment of segments) await readRows(bucket, segment, { dataset: "events" });
  });
  const merged: SegmentInfo[] = [];
  await measure("merge, 20 segments to one", rows, async () => {
    for (let i = 0; i < segments.length; i += 20)
      merged.push(await merge(bucket, segments.slice(i, i + 20), i));
  });
  lines.at(-1)!.note = `${(sum(merged.map((segment) => segment.bytes)) / rows).toFixed(1)} bytes a row`;
  for (const columns of [
    ["event_name", "path"],
    ["event_name", "visitor_id"],
    ["timestamp", "path"],
  ]) {
    for (const [what, files] of [
      ["small", segments],
      ["merged", merged],
    ] as const) {
      await measure(`scan ${columns.join(", ")} (${what})`, rows, () => countPairs(bucket, files, columns));
    }
  }
  await measureLibraries(part(0), measure);
  await measureDuck(
    [...objects].filter(([key]) => key.includes("/1-")).map(([, bytes]) => bytes),
    rows,
    measure,
  );
  return lines;
}

type Measure = (name: string, rows: number, run: () => unknown, note?: string) => Promise<void>;

const at = (index: number, level: number) => ({
  id: String(index).padStart(26, "0"),
  level,
  seq: index,
  now: 0,
});
const sum = (values: number[]) => values.reduce((all, value) => all + value, 0);

async function merge(bucket: R2Bucket, inputs: SegmentInfo[], index: number): Promise<SegmentInfo> {
  const sources = await fetchSources(bucket, inputs);
  const order = orderRows("events", sources);
  const bytes = assembleFile("events", await mergeColumns("events", sources, order));
  const encoded = { bytes, rows: order.rows, projects: order.projects, ...extent(order.projects) };
  return putSegment(bucket, "events", encoded, at(index, 1));
}

/** The work of a query: counts pairs of codes in a typed array. */
async function countPairs(
  bucket: R2Bucket,
  files: readonly SegmentInfo[],
  columns: string[],
): Promise<number> {
  let seen = 0;
  for (const segment of files) {
    for await (const batch of readColumns(bucket, segment, { columns })) {
      const [first, second] = columns.map((name) => batch.columns[name]!);
      if (first?.kind === "dictionary" && second?.kind === "dictionary") {
        const counts = new Uint32Array(first.dictionary.length * second.dictionary.length);
        for (let i = 0; i < batch.length; i++)
          counts[first.codes[i]! * second.dictionary.length + second.codes[i]!]!++;
      }
      seen += batch.length;
    }
  }
  return seen;
}

/** The unmodified libraries on one segment: the baseline of the product's encoder and decoder. */
async function measureLibraries(rows: EventRow[], measure: Measure): Promise<void> {
  const columnData = Object.entries(DATASETS.events.columns).map(([name, { type, nullable }]) => ({
    name,
    type:
      type === "timestamp"
        ? ("TIMESTAMP" as const)
        : type === "boolean"
          ? ("BOOLEAN" as const)
          : ("STRING" as const),
    nullable,
    data: rows.map((row) => {
      const value = row[name as keyof EventRow];
      return type === "timestamp" ? new Date(Number(value)) : value;
    }),
  }));
  const compressors = { ZSTD: (bytes: Uint8Array) => zstdCompressSync(bytes, ZSTD) };
  const write = () => parquetWriteBuffer({ columnData, codec: "ZSTD", compressors });
  const file = write();
  await measure(
    "hyparquet-writer, columns ready made",
    rows.length,
    write,
    `${(file.byteLength / rows.length).toFixed(1)} bytes a row`,
  );
  const read = (columns: string[]) =>
    parquetRead({
      file: { byteLength: file.byteLength, slice: (start, end) => file.slice(start, end) },
      metadata: parquetMetadata(file),
      compressors: { ZSTD: (bytes: Uint8Array) => zstdDecompressSync(bytes) },
      columns,
      onChunk: () => {},
    });
  await read(["path"]);
  await measure("hyparquet, all columns", rows.length, () => read(Object.keys(DATASETS.events.columns)));
  await measure("hyparquet, event_name, path", rows.length, () => read(["event_name", "path"]));
}

async function measureDuck(files: Uint8Array[], rows: number, measure: Measure): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "lake-bench-"));
  files.forEach((bytes, index) => {
    writeFileSync(path.join(folder, `${index}.parquet`), bytes);
  });
  const duck = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
  const from = `'${path.join(folder, "*.parquet")}'`;
  const scan = () => duck.run(`SELECT event_name, path, count(*) FROM ${from} GROUP BY ALL`);
  await scan();
  await measure("DuckDB, one thread: event_name, path (merged)", rows, scan);
  const visitors = () => duck.run(`SELECT event_name, count(DISTINCT visitor_id) FROM ${from} GROUP BY ALL`);
  await measure("DuckDB, one thread: distinct visitor_id (merged)", rows, visitors);
  rmSync(folder, { recursive: true });
}
