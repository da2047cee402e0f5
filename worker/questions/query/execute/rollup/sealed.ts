/**
 * Rollup rows that have moved from D1 to the lake: the same rows, so the same plan answers from both.
 * @module
 */
import type { SealedRollupRow as LakeRow } from "../../../../../schema/wire/derived";
import type { ColumnBatch, SegmentInfo } from "../../../../pipeline/lake";
import {
  DAYS_RETENTION_MS,
  DIMENSIONS,
  fromSealedRows,
  type RollupRow,
  type RollupSpan,
  type Validity,
} from "../../../../pipeline/rollup";
import { codedOf } from "../lake/coded";
import { batchesOf, type ReadCost } from "../lake/sources";

/** A day less than the retention in D1, because sealing may run late. */
const SAFE_RETENTION_MS = DAYS_RETENTION_MS - 86_400_000;

/** The range of the spans that may have been sealed; null when all are certainly in D1. */
export function sealedRange(spans: readonly RollupSpan[], now: number): { from: number; to: number } | null {
  const horizon = now - SAFE_RETENTION_MS;
  const old = spans.filter(({ from }) => from < horizon);
  if (!old.length) return null;
  return {
    from: Math.min(...old.map(({ from }) => from)),
    to: Math.min(horizon, Math.max(...old.map(({ to }) => to))),
  };
}

export interface SealedRequest {
  project: string;
  spans: readonly RollupSpan[];
  range: { from: number; to: number };
  isValid: Validity;
}

/** Columns of a row's key and validity; those with measures follow the dimensions' own lists. */
const KEY = ["generation", "epoch", "grain", "dimension", "bucket", "value", "error"] as const;

/** Rows of the spans that are in the lake. If D1 has the same row, that one is newer. */
export async function readSealed(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  { project, spans, range, isValid }: SealedRequest,
  cost: ReadCost,
): Promise<RollupRow[]> {
  const read = { columns: columnsOf(spans), ...range };
  const newest = new Map<string, { epoch: number; rows: LakeRow[] }>();
  for await (const batch of batchesOf(lake, segments, project, read, cost)) {
    const wanted = wantedRows(batch, spans);
    if (!wanted.length) continue;
    const column = cellReader(batch);
    for (const row of wanted) {
      const found = rowAt(project, row, column);
      if (!isValid(found.bucket, found.epoch, found.generation)) continue;
      const key = JSON.stringify([found.grain, found.dimension, found.bucket]);
      const known = newest.get(key);
      if (!known || known.epoch < found.epoch) newest.set(key, { epoch: found.epoch, rows: [found] });
      else if (known.epoch === found.epoch) known.rows.push(found);
    }
  }
  return fromSealedRows([...newest.values()].flatMap(({ rows }) => rows));
}

function columnsOf(spans: readonly RollupSpan[]): string[] {
  const measures = spans.flatMap(({ dimension }) => {
    const { counts, sets } = DIMENSIONS[dimension];
    const sketches = sets.flatMap((set) =>
      set === "identified" || set === "users" ? [`${set}_sketch`] : [set],
    );
    return [...counts, ...sketches];
  });
  return [...new Set([...KEY, ...measures])].sort();
}

/** Rows of a batch that are in a span; a dimension's name is compared once per dictionary entry. */
function wantedRows({ columns, length }: ColumnBatch, spans: readonly RollupSpan[]): number[] {
  const dimensions = codedOf(columns.dimension!, length);
  const grains = codedOf(columns.grain!, length);
  const spansOf = dimensions.dictionary.map((name) => spans.filter(({ dimension }) => dimension === name));
  const buckets = columns.bucket;
  const rows: number[] = [];
  for (let row = 0; row < length; row++) {
    const candidates = spansOf[dimensions.codes[row]!]!;
    if (!candidates.length || buckets?.kind !== "number") continue;
    const grain = grains.dictionary[grains.codes[row]!];
    const bucket = buckets.values[row]!;
    if (candidates.some((s) => s.grain === grain && s.from <= bucket && bucket < s.to)) rows.push(row);
  }
  return rows;
}

type CellReader = (name: string, row: number) => string | number | null;

function cellReader({ columns }: ColumnBatch): CellReader {
  return (name, row) => {
    const data = columns[name];
    if (!data) return null;
    if (data.kind === "dictionary") return data.dictionary[data.codes[row]!] ?? null;
    const value = data.values[row] ?? null;
    return typeof value === "number" && Number.isNaN(value) ? null : value;
  };
}

function rowAt(project: string, row: number, cell: CellReader): LakeRow {
  const text = (name: string) => {
    const value = cell(name, row);
    return typeof value === "string" ? value : null;
  };
  const number = (name: string) => {
    const value = cell(name, row);
    return typeof value === "number" ? value : null;
  };
  return {
    project_id: project,
    generation: number("generation"),
    epoch: number("epoch") ?? 0,
    grain: text("grain") ?? "",
    dimension: text("dimension") ?? "",
    bucket: number("bucket") ?? 0,
    value: text("value"),
    events: number("events"),
    pageviews: number("pageviews"),
    sessions: number("sessions"),
    bounces: number("bounces"),
    duration_ms: number("duration_ms"),
    anonymous: number("anonymous"),
    identified: null,
    users: null,
    event_sessions: number("event_sessions"),
    error: number("error"),
    identified_sketch: text("identified_sketch"),
    users_sketch: text("users_sketch"),
  };
}

/** Rows of D1 and of the lake as one list. */
export function unionRows(stored: readonly RollupRow[], sealed: readonly RollupRow[]): RollupRow[] {
  const rowKey = ({ grain, dimension, bucket }: RollupRow) => `${grain} ${bucket} ${dimension}`;
  const known = new Set(stored.map(rowKey));
  return [...stored, ...sealed.filter((row) => !known.has(rowKey(row)))];
}
