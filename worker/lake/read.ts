/**
 * Columns of a segment: plan which bytes are needed, fetch only those, decode only the rows asked for.
 * @module
 */
import { decodeChunk } from "./chunk-decode.ts";
import { type ColumnData, makeCodes, nullColumn } from "./column-data.ts";
import { type ColumnSpec, DATASETS } from "./columns.ts";
import { type ChunkPlace, type Footer, type GroupPlace, readFooter, readRange } from "./footer.ts";
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
  /** Whether some of the rows are outside the time range. */
  filterTime: boolean;
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
  const { time } = DATASETS[segment.dataset];
  return footer.groups.flatMap((group) => {
    const from = Math.max(0, rows.from - group.firstRow);
    const to = Math.min(group.rows, rows.to - group.firstRow);
    const times = timesOf(segment, request, group.chunks.get(time));
    if (from >= to || !overlaps(times, request)) return [];
    const filterTime = !covers(request, times);
    const columns = [...new Set([...request.columns, ...(filterTime ? [time] : [])])];
    return [{ group, from, to, filterTime, spans: spansOf(group, columns) }];
  });
}

/** Times are inclusive at both ends. */
interface Times {
  min: number;
  max: number;
}

/** The tighter of what the manifest says about the project and the footer about the row group. */
function timesOf(segment: SegmentInfo, { project }: ReadRequest, chunk: ChunkPlace | undefined): Times {
  const range = project === undefined ? undefined : segment.projects[project];
  const [, , min, max] = range ?? [0, 0, segment.min_time, segment.max_time];
  return { min: Math.max(min, chunk?.min ?? min), max: Math.min(max, chunk?.max ?? max) };
}

function overlaps({ min, max }: Times, { from, to }: ReadRequest): boolean {
  return (from === undefined || max >= from) && (to === undefined || min < to);
}

function covers({ from, to }: ReadRequest, { min, max }: Times): boolean {
  return (from === undefined || min >= from) && (to === undefined || max < to);
}

function rowsOf(segment: SegmentInfo, request: ReadRequest): { from: number; to: number } | undefined {
  const { project } = request;
  if (!overlaps(timesOf(segment, request, undefined), request)) return undefined;
  if (project === undefined) return { from: 0, to: segment.rows };
  const range = segment.projects[project];
  return range && { from: range[0], to: range[0] + range[1] };
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
  const plans = planRead(fetched.footer, segment, request);
  const fetchOf = (plan: GroupPlan | undefined) => plan && fetchSpans(lake, segment, plan.spans, fetched);
  let bytesRead = fetched.bytesRead;
  let ahead = fetchOf(plans[0]);
  for (const [index, plan] of plans.entries()) {
    const bytes = (await ahead)!;
    ahead = fetchOf(plans[index + 1]);
    // The next row group is fetched while this one is looked at; nobody may be left to hear that it failed.
    ahead?.catch(() => {});
    bytesRead += bytes.read;
    const batch = decodeGroup(segment, request, plan, bytes.slice);
    if (batch.length === 0) continue;
    yield { ...batch, bytesRead };
    bytesRead = 0;
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
  if (plan.filterTime) {
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
