/**
 * Columns of a segment: plan which bytes are needed, fetch only those, decode only the rows asked for.
 * @module
 */
import { decodeChunk } from "./chunk-decode.ts";
import { type ColumnData, makeCodes, nullColumn } from "./column-data.ts";
import { type ColumnSpec, DATASETS } from "./columns.ts";
import { type Footer, type GroupPlace, readFooter, readRange } from "./footer.ts";
import type { SegmentInfo } from "./segment.ts";

/** What to read. Times are epoch ms of the dataset's time column, half-open. */
export interface ReadRequest {
  columns: readonly string[];
  project?: string;
  from?: number;
  to?: number;
}

/** Rows of one row group, in the file's order. `bytesRead` counts what was fetched for it. */
export interface ColumnBatch {
  length: number;
  columns: Record<string, ColumnData>;
  bytesRead: number;
}

/** Bytes `[start, end)` to fetch with one get. */
export interface Span {
  start: number;
  end: number;
}

/** One row group's share of a read. */
export interface GroupPlan {
  group: GroupPlace;
  /** Rows of the group to look at. */
  from: number;
  to: number;
  columns: string[];
  spans: Span[];
}

/** Fetching this much for nothing is cheaper than another get. */
const GAP_BYTES = 16_384;
/** Objects up to this size are fetched whole, with their footer, in one get. */
const WHOLE_BYTES = 131_072;
/** The same when every column is wanted. */
const WHOLE_ROWS_BYTES = 4 * 1024 * 1024;
/** Connections a Worker may have open at once (Workers › Platform › Limits). */
const CONNECTIONS = 6;

/** Which bytes of which row groups a request needs. No I/O. */
export function planRead(footer: Footer, segment: SegmentInfo, request: ReadRequest): GroupPlan[] {
  const rows = rowsOf(segment, request);
  if (!rows) return [];
  const columns = [...new Set(request.columns)];
  const { time } = DATASETS[segment.dataset];
  if (mustFilterTime(segment, request) && !columns.includes(time)) columns.push(time);
  return footer.groups.flatMap((group) => {
    const from = Math.max(0, rows.from - group.firstRow);
    const to = Math.min(group.rows, rows.to - group.firstRow);
    return from < to ? [{ group, from, to, columns, spans: spansOf(group, columns) }] : [];
  });
}

function rowsOf(segment: SegmentInfo, request: ReadRequest): { from: number; to: number } | undefined {
  const range = request.project === undefined ? undefined : segment.projects[request.project];
  if (request.project !== undefined && !range) return undefined;
  const [first, rows, min, max] = range ?? [0, segment.rows, segment.min_time, segment.max_time];
  if (request.from !== undefined && max < request.from) return undefined;
  if (request.to !== undefined && min >= request.to) return undefined;
  return { from: first, to: first + rows };
}

function mustFilterTime(segment: SegmentInfo, { project, from, to }: ReadRequest): boolean {
  const range = project === undefined ? undefined : segment.projects[project];
  const [, , min, max] = range ?? [0, 0, segment.min_time, segment.max_time];
  return (from !== undefined && min < from) || (to !== undefined && max >= to);
}

function spansOf(group: GroupPlace, columns: readonly string[]): Span[] {
  const places = columns.flatMap((name) => group.chunks.get(name) ?? []);
  const spans: Span[] = [];
  for (const { start, end } of places.sort((a, b) => a.start - b.start)) {
    const last = spans.at(-1);
    if (last && start - last.end <= GAP_BYTES) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}

/**
 * Reads columns of a segment, one batch a row group that has matching rows. A column the file does not have is
 * null. Throws `SegmentGoneError` when the object is gone, and on an unknown column.
 */
export async function* readColumns(
  lake: R2Bucket,
  segment: SegmentInfo,
  request: ReadRequest,
): AsyncGenerator<ColumnBatch> {
  const { columns: specs } = DATASETS[segment.dataset];
  for (const name of request.columns) {
    if (!specs[name]) throw new Error(`lake: dataset ${segment.dataset} has no column ${name}`);
  }
  if (!rowsOf(segment, request)) return;
  const everything = request.columns.length >= Object.keys(specs).length;
  const whole = segment.bytes <= (everything ? WHOLE_ROWS_BYTES : WHOLE_BYTES);
  const fetched = await readFooter(lake, segment, whole ? segment.bytes : undefined);
  let bytesRead = fetched.bytesRead;
  for (const plan of planRead(fetched.footer, segment, request)) {
    const bytes = await fetchSpans(lake, segment, plan.spans, fetched);
    bytesRead += bytes.read;
    const batch = decodeGroup(segment, request, plan, bytes.slice);
    if (batch.length > 0) yield { ...batch, bytesRead };
    if (batch.length > 0) bytesRead = 0;
  }
}

/** Fetches spans, at most six at once; those within the tail that came with the footer cost nothing. */
async function fetchSpans(
  lake: R2Bucket,
  segment: SegmentInfo,
  spans: readonly Span[],
  known: { tail: Uint8Array; tailStart: number },
) {
  const parts = new Array<{ start: number; bytes: Uint8Array }>(spans.length);
  let next = 0;
  let read = 0;
  const work = async () => {
    while (next < spans.length) {
      const index = next++;
      const { start, end } = spans[index]!;
      if (start >= known.tailStart) parts[index] = { start: known.tailStart, bytes: known.tail };
      else {
        parts[index] = { start, bytes: await readRange(lake, segment, start, end) };
        read += end - start;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONNECTIONS, spans.length) }, work));
  const slice = (start: number, end: number): Uint8Array => {
    const part = parts.findLast((candidate) => candidate.start <= start);
    if (!part) throw new Error(`lake: bytes from ${start} were not fetched`);
    return part.bytes.subarray(start - part.start, end - part.start);
  };
  return { slice, read };
}

function decodeGroup(
  segment: SegmentInfo,
  request: ReadRequest,
  plan: GroupPlan,
  slice: (start: number, end: number) => Uint8Array,
): Omit<ColumnBatch, "bytesRead"> {
  const { columns: specs, time } = DATASETS[segment.dataset];
  const decode = (name: string, spec: ColumnSpec, from: number, to: number): ColumnData => {
    const chunk = plan.group.chunks.get(name);
    if (!chunk) return nullColumn(spec, to - from);
    return decodeChunk(slice(chunk.start, chunk.end), chunk.codec, spec, plan.group.rows, from, to);
  };
  let { from, to } = plan;
  let chosen: Uint32Array | undefined;
  if (mustFilterTime(segment, request)) {
    const times = decode(time, specs[time]!, from, to);
    if (times.kind !== "number") throw new Error(`lake: ${time} is no timestamp`);
    const inside = rowsInside(times.values, request);
    if (request.project === undefined) chosen = inside;
    else {
      // Rows of one project are sorted by time: what is inside is one run.
      to = from + (inside.at(-1) ?? -1) + 1;
      from += inside[0] ?? 0;
    }
  }
  const length = chosen ? chosen.length : Math.max(0, to - from);
  if (length === 0) return { length, columns: {} };
  const columns: Record<string, ColumnData> = {};
  for (const name of request.columns) {
    const data = decode(name, specs[name]!, from, to);
    columns[name] = chosen ? pick(data, chosen) : data;
  }
  return { length, columns };
}

function rowsInside(times: Float64Array, { from, to }: ReadRequest): Uint32Array {
  const inside = new Uint32Array(times.length);
  let count = 0;
  for (let i = 0; i < times.length; i++) {
    const time = times[i]!;
    if ((from === undefined || time >= from) && (to === undefined || time < to)) inside[count++] = i;
  }
  return inside.subarray(0, count);
}

function pick(data: ColumnData, rows: Uint32Array): ColumnData {
  if (data.kind === "number")
    return { kind: "number", values: Float64Array.from(rows, (row) => data.values[row]!) };
  if (data.kind === "text")
    return { kind: "text", values: Array.from(rows, (row) => data.values[row] ?? null) };
  const codes = makeCodes(data.dictionary.length, rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = data.codes[rows[i]!]!;
  return { kind: "dictionary", dictionary: data.dictionary, codes };
}
