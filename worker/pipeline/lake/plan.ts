/**
 * Plans which bytes of a segment a read needs. No I/O.
 * @module
 */
import { DATASETS } from "./columns.ts";
import type { ChunkPlace, Footer, GroupPlace } from "./footer.ts";
import type { SegmentInfo } from "./segment.ts";

/** What to read. Times are epoch ms of the dataset's time column, half-open. */
export interface ReadRequest {
  columns: readonly string[];
  project?: string;
  /** Instead of `project`: everything from the first to the last row of any of them, including projects in between. */
  projects?: readonly string[];
  from?: number;
  to?: number;
  /** Columns of type `json` are read of rows with this value only; of others they are null. */
  jsonWhere?: { column: string; value: string };
}

/** Bytes `[start, end)` to fetch with one get. */
export interface Span {
  start: number;
  end: number;
}

/** The part of a read in one row group. */
export interface GroupPlan {
  group: GroupPlace;
  /** Rows of the group to read. */
  from: number;
  to: number;
  /** Whether some of the rows are outside the time range. */
  filterTime: boolean;
  spans: Span[];
}

/** Fetching this many unneeded bytes is cheaper than another get. */
const GAP_BYTES = 16_384;
/** Which bytes of which row groups a request needs. */
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

/** The tighter of the manifest's bounds of the project and the footer's of the row group. */
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

/** Rows of the segment that may match according to the manifest; undefined when none can. */
export function rowsOf(segment: SegmentInfo, request: ReadRequest): { from: number; to: number } | undefined {
  const { project } = request;
  if (!overlaps(timesOf(segment, request, undefined), request)) return undefined;
  if (request.projects) return spanOf(request.projects.flatMap((name) => [segment.projects[name] ?? []]));
  if (project === undefined) return { from: 0, to: segment.rows };
  const range = segment.projects[project];
  return range && { from: range[0], to: range[0] + range[1] };
}

/** From the first row of the ranges to the last. */
function spanOf(ranges: readonly (readonly number[])[]): { from: number; to: number } | undefined {
  let span: { from: number; to: number } | undefined;
  for (const [first, rows] of ranges) {
    if (first === undefined || rows === undefined) continue;
    span = { from: Math.min(span?.from ?? first, first), to: Math.max(span?.to ?? 0, first + rows) };
  }
  return span;
}

/** The bytes of columns of a row group; close ones are joined. */
export function spansOf(group: GroupPlace, columns: readonly string[]): Span[] {
  const places = columns.flatMap((name) => group.chunks.get(name) ?? []);
  const spans: Span[] = [];
  for (const { start, end } of places.sort((a, b) => a.start - b.start)) {
    const last = spans.at(-1);
    if (last && start - last.end <= GAP_BYTES) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}
