/**
 * Reads columns of a segment: fetches only the planned bytes, decodes only the requested rows.
 * @module
 */
import { inTurns, type Steps, TURN_BYTES, Turn } from "../../lib/yield.ts";
import { decodeSteps } from "./chunk-decode.ts";
import { type ColumnData, makeCodes, nullColumn } from "./column-data.ts";
import { DATASETS } from "./columns.ts";
import { readFooter, readRange } from "./footer.ts";
import { type GroupPlan, planRead, type ReadRequest, rowsOf, type Span } from "./plan.ts";
import type { SegmentInfo } from "./segment.ts";

/** Rows of one row group, in the file's order. `bytesRead` counts what was fetched for it. */
export interface ColumnBatch {
  length: number;
  columns: Record<string, ColumnData>;
  bytesRead: number;
}

/** Objects up to this size are fetched whole, with their footer, in one get. */
const WHOLE_BYTES = 131_072;
/** The same when every column is wanted. */
const WHOLE_ROWS_BYTES = 4 * 1024 * 1024;
/** Connections a Worker may have open at once (Workers › Platform › Limits). */
const CONNECTIONS = 6;

/**
 * Reads columns of a segment, one batch per row group that has matching rows. A column that the file does not have is
 * null. @throws SegmentGoneError when the object is gone, and an error on an unknown column
 */
export async function* readColumns(
  lake: R2Bucket,
  segment: SegmentInfo,
  request: ReadRequest,
): AsyncGenerator<ColumnBatch> {
  checkColumns(segment, request);
  if (!rowsOf(segment, request)) return;
  const fetched = await readFooter(lake, segment, tailOf(segment, request));
  const plans = planRead(fetched.footer, segment, request);
  const fetchOf = (plan: GroupPlan | undefined) => plan && fetchSpans(lake, segment, plan.spans, fetched);
  const turn = new Turn(TURN_BYTES);
  let bytesRead = fetched.bytesRead;
  let ahead = fetchOf(plans[0]);
  for (const [index, plan] of plans.entries()) {
    const bytes = (await ahead)!;
    ahead = fetchOf(plans[index + 1]);
    // The next row group is fetched while this one is read; its failure must not be unhandled when the caller stops early.
    ahead?.catch(() => {});
    bytesRead += bytes.read;
    const batch = await inTurns(decodeGroup(segment, request, plan, bytes.slice), turn);
    if (batch.length === 0) continue;
    yield { ...batch, bytesRead };
    bytesRead = 0;
  }
}

/** @throws on an unknown column */
export function checkColumns({ dataset }: SegmentInfo, { columns }: ReadRequest): void {
  for (const name of columns) {
    if (!DATASETS[dataset].columns[name]) throw new Error(`lake: dataset ${dataset} has no column ${name}`);
  }
}

/** How many bytes to fetch with the footer; undefined for no more than it needs. */
export function tailOf({ dataset, bytes }: SegmentInfo, { columns }: ReadRequest): number | undefined {
  const everything = columns.length >= Object.keys(DATASETS[dataset].columns).length;
  return bytes <= (everything ? WHOLE_ROWS_BYTES : WHOLE_BYTES) ? bytes : undefined;
}

/** Fetches spans, at most six at once; those within the tail that was fetched with the footer cost nothing. */
export async function fetchSpans(
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

function* decodeGroup(
  segment: SegmentInfo,
  request: ReadRequest,
  plan: GroupPlan,
  slice: (start: number, end: number) => Uint8Array,
): Steps<Omit<ColumnBatch, "bytesRead">> {
  const { columns: specs, time } = DATASETS[segment.dataset];
  const decode = function* (name: string, from: number, to: number, wanted?: Uint8Array): Steps<ColumnData> {
    const spec = specs[name]!;
    const chunk = plan.group.chunks.get(name);
    if (!chunk) return nullColumn(spec, to - from);
    const { rows } = plan.group;
    return yield* decodeSteps(slice(chunk.start, chunk.end), chunk.codec, spec, { rows, from, to, wanted });
  };
  let { from, to } = plan;
  let chosen: Uint32Array | undefined;
  if (plan.filterTime) {
    const times = yield* decode(time, from, to);
    if (times.kind !== "number") throw new Error(`lake: ${time} is not a timestamp`);
    const inside = rowsInside(times.values, request);
    if (request.project === undefined) chosen = inside;
    else {
      // Rows of one project are sorted by time: matching rows are contiguous.
      to = from + (inside.at(-1) ?? -1) + 1;
      from += inside[0] ?? 0;
    }
  }
  const length = chosen ? chosen.length : Math.max(0, to - from);
  if (length === 0) return { length, columns: {} };
  const columns: Record<string, ColumnData> = {};
  const { jsonWhere } = request;
  const wanted = jsonWhere && rowsWith(yield* decode(jsonWhere.column, from, to), jsonWhere.value);
  for (const name of request.columns) {
    const data = yield* decode(name, from, to, wanted);
    columns[name] = chosen ? pick(data, chosen) : data;
  }
  return { length, columns };
}

/** Which rows of a dictionary column have a value (1: it has). */
function rowsWith(data: ColumnData, value: string): Uint8Array {
  if (data.kind !== "dictionary") throw new Error("lake: not a dictionary");
  const code = data.dictionary.indexOf(value);
  return Uint8Array.from(data.codes, (own) => (own === code ? 1 : 0));
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
