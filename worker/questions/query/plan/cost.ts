/**
 * What reading the lake costs, estimated from the manifest. No I/O.
 *
 * The unit is a byte that is decoded or processed. Reading a pass costs the bytes of its columns by their kind. Each
 * task of it (a filtered measure, a distinct count, a quantile) processes its rows again. A byte takes 5 to 10 ns of
 * one core, whatever it belongs to: see the bench.
 * @module
 */
import { DATASETS as LAKE, type Dataset as LakeDataset, type SegmentInfo } from "../../../pipeline/lake";
import { type Aggregate, DATASETS, isFieldMeasure, measureNamed } from "../../metrics";
import { conditionsOf } from "../parse/filter";
import { type Refusal, refuse } from "../parse/refusal";
import type { LakePlan, Read } from "./lake-plan";
import type { Budget } from "./limits";
import type { Subquery } from "./subquery";

/** One pass and the segments that it reads. */
export interface ScanPart {
  dataset: LakeDataset;
  read: Read;
  segments: readonly SegmentInfo[];
}

/** A plan and the segments that its rows are in. */
export interface Task {
  plan: Pick<LakePlan, "subquery" | "filter">;
  /** Rows that it processes. */
  rows: number;
}

/** Estimated cost: rows that are read, and bytes that are read and processed. */
export interface Cost extends Budget {
  /** The share of `bytes` that tasks process. */
  processed: number;
}

/** Bytes of a value by its column's kind; of a dictionary, its code. */
const VALUE_BYTES = {
  boolean: 1,
  dictionary: 4,
  int32: 8,
  int64: 8,
  double: 8,
  timestamp: 8,
  text: 32,
  json: 64,
} as const;
/** Decoded JSON is about this many times as large as the row in the file. */
const JSON_RATIO = 4;
const MAX_JSON_BYTES = 1024;

/** Bytes that a task processes for each row: selecting it, finding its group, and adding it to a cell of each measure. */
export const ROW_BYTES = 8;
const GROUP_BYTES = 4;
const CONDITION_BYTES = 2;
/** Taking one property out of the parsed JSON. */
const PROPERTY_BYTES = 24;
const CELL_BYTES = { count: 4, sum: 8, distinct: 32, unique: 32, quantile: 16, value: 8 } as const;

/** Estimates the rows of a read. */
export function rowsIn({ read, segments }: Pick<ScanPart, "read" | "segments">): number {
  let rows = 0;
  for (const segment of segments) {
    for (const [, count, min, max] of Object.values(segment.projects)) {
      const inside = Math.min(max + 1, read.to) - Math.max(min, read.from);
      if (inside > 0) rows += count * Math.min(1, inside / (max + 1 - min));
    }
  }
  return Math.ceil(rows);
}

/** Estimates what passes and the tasks on their rows cost together. */
export function costOf(parts: readonly ScanPart[], tasks: readonly Task[]): Cost {
  let rows = 0;
  let bytes = 0;
  for (const part of parts) {
    const found = rowsIn(part);
    rows += found;
    bytes += found * bytesOfRow(part);
  }
  const processed = tasks.reduce((sum, task) => sum + task.rows * taskBytes(task.plan), 0);
  return { rows, bytes: bytes + processed, processed };
}

/** Decoded bytes of a row's columns. */
function bytesOfRow({ dataset, read, segments }: ScanPart): number {
  const { columns } = LAKE[dataset];
  return read.columns.reduce((sum, name) => {
    const type = columns[name]?.type ?? "dictionary";
    return sum + (type === "json" ? jsonBytes(segments) : VALUE_BYTES[type]);
  }, 0);
}

/** The manifest has the compressed bytes of whole rows only. */
function jsonBytes(segments: readonly SegmentInfo[]): number {
  const rows = segments.reduce((sum, segment) => sum + segment.rows, 0);
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return Math.min(MAX_JSON_BYTES, Math.max(VALUE_BYTES.json, (JSON_RATIO * bytes) / Math.max(rows, 1)));
}

function taskBytes({ subquery, filter }: Task["plan"]): number {
  const dataset = DATASETS[subquery.dataset]!;
  const conditions = [...conditionsOf(filter.own), ...conditionsOf(filter.some)];
  const names = [...subquery.dimensions, ...conditions.map(({ dimension }) => dimension)];
  const properties = new Set(names.filter((name) => name.startsWith("property:")));
  const cells = subquery.measures.map((name) => cellBytes(measureNamed(dataset, name).aggregate));
  return (
    ROW_BYTES +
    GROUP_BYTES * subquery.dimensions.length +
    CONDITION_BYTES * conditions.length +
    PROPERTY_BYTES * properties.size +
    cells.reduce((sum, bytes) => sum + bytes, 0)
  );
}

/** Bytes that adding a row to the cell of a measure processes. */
export function cellBytes(aggregate: Aggregate): number {
  if (aggregate.kind !== "field") return CELL_BYTES[aggregate.kind];
  const { take, field } = aggregate;
  const property = field.startsWith("property:") ? PROPERTY_BYTES : 0;
  if (take === "unique") return property + CELL_BYTES.unique;
  return property + (take === "median" || take === "p95" ? CELL_BYTES.quantile : CELL_BYTES.value);
}

/** What is left of a budget. */
export const leftOf = (budget: Budget, spent: Budget): Budget => ({
  rows: Math.max(0, budget.rows - spent.rows),
  bytes: Math.max(0, budget.bytes - spent.bytes),
});

/** Refuses a query that would exceed the budget only together with the others of its request. */
export function refuseTogether(cost: Cost, budget: Budget): Refusal | null {
  const excess = excessOf(cost, budget);
  return (
    excess &&
    refuse(
      "budget_exceeded",
      "range",
      `With the request's other queries it would ${excess.found}; at most ${excess.bound} are allowed in a request. Send it ` +
        "alone, or narrow the ranges of all",
    )
  );
}

/** What exceeds the budget, and the budget, in words; null when nothing does. */
function excessOf({ rows, bytes }: Cost, budget: Budget): { found: string; bound: string } | null {
  if (rows > budget.rows) return { found: `read ${count(rows)} rows`, bound: `${count(budget.rows)} rows` };
  if (bytes > budget.bytes)
    return { found: `process ${megabytes(bytes)} of values`, bound: megabytes(budget.bytes) };
  return null;
}

/** Refuses scans that would exceed the budget, naming the bound, its value and what to narrow. */
export function refuseCost(
  cost: Cost,
  /** Longest range that is read, ms. */
  length: number,
  subquery: Pick<Subquery, "filter" | "measures" | "level">,
  budget: Budget,
): Refusal | null {
  const excess = excessOf(cost, budget);
  if (!excess) return null;
  const { rows, bytes, processed } = cost;
  const share = Math.min(budget.rows / Math.max(rows, 1), budget.bytes / Math.max(bytes, 1));
  const days = (length / 86_400_000) * share;
  const fits =
    days >= 1 ? `about ${Math.floor(days)} days` : `about ${Math.max(1, Math.floor(days * 24))} hours`;
  // Removing measures helps where most of the cost is processing them.
  const isWide = rows <= budget.rows && subquery.measures.length > 1 && processed > bytes / 2;
  return refuse(
    "budget_exceeded",
    isWide ? "metrics" : "range",
    `The query would ${excess.found}; at most ${excess.bound} are allowed. Narrow the range to ${fits}` +
      (isWide ? `, or use fewer metrics` : otherChanges(subquery)),
  );
}

/** Other changes that reduce the cost. */
function otherChanges({ filter, measures, level }: Pick<Subquery, "filter" | "measures" | "level">): string {
  if (level) return ", or remove dimensions of single ads and keywords";
  if (measures.some(isFieldMeasure)) return "; rollups do not have the values of fields";
  return filter
    ? ", or remove filters and all but one dimension, so that rollups can answer"
    : ", or use one dimension over whole days, so that rollups can answer";
}

const count = (n: number) => Math.round(n).toLocaleString("en-US");
const megabytes = (n: number) => `${(n / 2 ** 20).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB`;
