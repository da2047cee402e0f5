/**
 * Cached reads: decoded columns of segments that belong to one project are cached in the isolate. They never change,
 * and marts are queried repeatedly; fetching and decoding would be most of the cost of a query.
 * @module
 */
import { Lru } from "../../lib/lru.ts";
import { decodeChunk } from "./chunk-decode.ts";
import { type ColumnData, nullColumn } from "./column-data.ts";
import { DATASETS } from "./columns.ts";
import { type GroupPlace, readFooter } from "./footer.ts";
import { type GroupPlan, planRead, type ReadRequest, spansOf } from "./plan.ts";
import { type ColumnBatch, checkColumns, fetchSpans, readColumns, tailOf } from "./read.ts";
import { type SegmentInfo, segmentPath } from "./segment.ts";

/** Of an isolate's 128 MB: 90 days of four columns of 7,000 ads take 10 MB. */
const MAX_CACHED_BYTES = 24 * 1024 * 1024;

/** Times of a row group as runs of equal ones: a calendar day is one run, where each time would take eight bytes. */
interface Times {
  kind: "runs";
  values: Float64Array;
  /** Row after the last of each run. */
  ends: Uint32Array;
}

/** Columns of whole row groups. */
const cache = new Lru<string, ColumnData | Times>({ maxSize: MAX_CACHED_BYTES, sizeOf: bytesOf });

/** Like `readColumns`, from the cache where the columns have been read before. */
export async function* readCached(
  lake: R2Bucket,
  segment: SegmentInfo,
  request: ReadRequest & { project: string },
): AsyncGenerator<ColumnBatch> {
  const [first, rows] = segment.projects[request.project] ?? [];
  if (first !== 0 || rows !== segment.rows) {
    yield* readColumns(lake, segment, request);
    return;
  }
  checkColumns(segment, request);
  const { time } = DATASETS[segment.dataset];
  const columns = [...new Set([...request.columns, time])];
  const fetched = await readFooter(lake, segment, tailOf(segment, request));
  const plans = planRead(fetched.footer, segment, { ...request, columns });
  const fetchOf = (plan: GroupPlan | undefined) => {
    if (!plan) return undefined;
    const missing = columns.filter((name) => !cache.get(cacheKeyOf(segment, plan.group, name)));
    return fetchSpans(lake, segment, spansOf(plan.group, missing), fetched);
  };
  let bytesRead = fetched.bytesRead;
  let ahead = fetchOf(plans[0]);
  for (const [index, { group }] of plans.entries()) {
    const { slice, read } = (await ahead)!;
    ahead = fetchOf(plans[index + 1]);
    // The next row group is fetched while this one is read; its failure must not be unhandled when the caller stops early.
    ahead?.catch(() => {});
    bytesRead += read;
    const whole = columns.map((name) => [name, columnOf(segment, group, name, slice)] as const);
    const times = whole.find(([name]) => name === time)?.[1];
    if (times?.kind !== "runs") throw new Error(`lake: ${time} is not a timestamp`);
    const from = request.from === undefined ? 0 : firstAtOrAfter(times, request.from);
    const to = request.to === undefined ? group.rows : firstAtOrAfter(times, request.to);
    if (from >= to) continue;
    const cut = whole.map(([name, data]) => [name, sliced(data, from, to)] as const);
    yield { length: to - from, columns: Object.fromEntries(cut), bytesRead };
    bytesRead = 0;
  }
}

const cacheKeyOf = (segment: SegmentInfo, { firstRow }: GroupPlace, name: string) =>
  `${segmentPath(segment.dataset, segment.level, segment.id)} ${firstRow} ${name}`;

/** Returns a column of a whole row group, from the cache or decoded into it. */
function columnOf(
  segment: SegmentInfo,
  group: GroupPlace,
  name: string,
  slice: (start: number, end: number) => Uint8Array,
): ColumnData | Times {
  const key = cacheKeyOf(segment, group, name);
  const cached = cache.get(key);
  if (cached) return cached;
  const { columns, time } = DATASETS[segment.dataset];
  const spec = columns[name]!;
  const chunk = group.chunks.get(name);
  const decoded = chunk
    ? decodeChunk(slice(chunk.start, chunk.end), chunk.codec, spec, { rows: group.rows })
    : nullColumn(spec, group.rows);
  const data = name === time && decoded.kind === "number" ? runsOf(decoded.values) : decoded;
  cache.set(key, data);
  return data;
}

/** Approximate bytes of a column; a text is counted as its characters and a header. */
function bytesOf(data: ColumnData | Times): number {
  const ofTexts = (texts: readonly (string | null)[]) =>
    texts.reduce((sum, text) => sum + 40 + (text?.length ?? 0), 0);
  if (data.kind === "number") return data.values.byteLength;
  if (data.kind === "runs") return data.values.byteLength + data.ends.byteLength;
  return data.kind === "text" ? ofTexts(data.values) : data.codes.byteLength + ofTexts(data.dictionary);
}

function runsOf(times: Float64Array): Times {
  const values: number[] = [];
  const ends: number[] = [];
  for (let row = 0; row < times.length; row++) {
    if (row === 0 || times[row] !== times[row - 1]) values.push(times[row]!);
    ends[values.length - 1] = row + 1;
  }
  return { kind: "runs", values: Float64Array.from(values), ends: Uint32Array.from(ends) };
}

/** First row at or after a time; rows are sorted by it. */
function firstAtOrAfter({ values, ends }: Times, time: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : ends[low - 1]!;
}

function expanded({ values, ends }: Times, from: number, to: number): Float64Array {
  const times = new Float64Array(to - from);
  for (let run = 0, start = 0; run < ends.length; run++) {
    const end = ends[run]!;
    if (end > from && start < to)
      times.fill(values[run]!, Math.max(0, start - from), Math.min(to, end) - from);
    start = end;
  }
  return times;
}

function sliced(data: ColumnData | Times, from: number, to: number): ColumnData {
  if (data.kind === "runs") return { kind: "number", values: expanded(data, from, to) };
  if (data.kind === "number") return { kind: "number", values: data.values.subarray(from, to) };
  if (data.kind === "text") return { kind: "text", values: data.values.slice(from, to) };
  return { kind: "dictionary", dictionary: data.dictionary, codes: data.codes.subarray(from, to) };
}
