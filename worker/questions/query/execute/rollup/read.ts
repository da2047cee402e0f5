/**
 * Reads of rollup plans in two halves: buckets that are sealed, and the rest. The sum of the sealed half is cached, as a
 * dashboard requests the same days until midnight; the keys of its rows are then enough to read.
 * @module
 */
import { DAY_MS } from "../../../../lib/time";
import { HOURS_RETENTION_MS, type RollupRow, type RollupSpan } from "../../../../pipeline/rollup";
import type { RollupPlan } from "../../plan/subquery-plan";
import type { MemoryBudget } from "../../table/distinct";
import { type SealedSum, sealedSums } from "../cache/sealed-sums";
import type { Execution } from "../execution";
import { aggregateRollups, type RollupSum } from "./aggregate";
import { sealedRange } from "./sealed";

/** The read of one plan. */
export interface RollupRead {
  execution: Execution;
  plan: RollupPlan;
  spans: RollupSpan[];
  halves: Halves | null;
  /** The cached sum of the sealed half. */
  cached: SealedSum | null;
}

interface Halves {
  key: string;
  sealed: RollupPlan;
  rest: RollupPlan;
}

interface ReadSetting {
  project: string;
  timezone: string;
  /** Days that end before this epoch ms are sealed. */
  sealed_until: number;
  /** Epoch ms. */
  now: number;
  useCache: boolean;
}

/** Returns what has to be read for a plan. */
export function readOf(execution: Execution, plan: RollupPlan, setting: ReadSetting): RollupRead {
  const halves = halve(plan, setting);
  const cached = (setting.useCache && halves && sealedSums.get(halves.key)) || null;
  if (!halves || !cached) return { execution, plan, spans: plan.spans, halves, cached: null };
  const keys = halves.sealed.spans.map((span): RollupSpan => ({ ...span, depth: "key" }));
  return { execution, plan, spans: [...keys, ...halves.rest.spans], halves, cached };
}

/**
 * Splits a plan after the last sealed bucket. Returns null when nothing is sealed, and when rows in D1 alone may not be
 * sufficient: with a filter, and for rows that have moved to the lake. Hourly series are not cached: they are too large.
 */
function halve(plan: RollupPlan, { project, timezone, sealed_until, now }: ReadSetting): Halves | null {
  const { subquery, edges, spans } = plan;
  if (subquery.filter || sealedRange(spans, now)) return null;
  const until = { day: sealed_until, hour: sealed_until - HOURS_RETENTION_MS - DAY_MS };
  const isOver = ({ grain, from, to }: RollupSpan) =>
    grain === "day" ? from < until.day : subquery.grain !== "hour" && to <= until.hour;
  const over = spans.filter(isOver).map((span) => ({ ...span, to: Math.min(span.to, until.day) }));
  if (!over.length) return null;
  const rest = spans.flatMap((span) => {
    if (!isOver(span)) return [span];
    return span.to > until.day ? [{ ...span, from: until.day }] : [];
  });
  return {
    key: JSON.stringify([project, timezone, subquery, edges, over, plan.exact]),
    sealed: { ...plan, spans: over, gaps: [] },
    rest: { ...plan, spans: rest },
  };
}

/** Whether the cached sum is up to date. `rows`: the current ones of the plan's dimension. */
export function isCurrent(
  { halves, cached }: RollupRead,
  rows: readonly RollupRow[],
  epoch: number,
): boolean {
  if (!halves || !cached) return true;
  const isSame = cached.epoch === epoch && cached.rows === listOf(within(halves.sealed.spans, rows));
  if (!isSame) sealedSums.delete(halves.key);
  return isSame;
}

/** Answers a plan from rows and the cached sum, and caches the sum of the sealed half. */
export function runRead(
  { plan, halves, cached }: RollupRead,
  rows: readonly RollupRow[],
  { zone, epoch, memory }: { zone: string; epoch: number; memory: MemoryBudget },
): RollupSum {
  if (!halves) return aggregateRollups(plan, rows, zone, memory);
  const { key, sealed, rest } = halves;
  const over = within(sealed.spans, rows);
  const found = cached ? { ...cached, rowsRead: over.length } : aggregateRollups(sealed, over, zone, memory);
  const { table, gaps, others } = found;
  const run = aggregateRollups(rest, rows, zone, memory, table ?? undefined);
  if (!table || !run.table) throw new Error("query: rollup rows without a filter gave no table");
  if (over.every((row) => row.sealed))
    sealedSums.set(key, { epoch, rows: listOf(over), table, gaps, others });
  return {
    table: run.table,
    gaps: [...gaps, ...run.gaps],
    others: [...others, ...run.others],
    rowsRead: found.rowsRead + run.rowsRead,
  };
}

function within(spans: readonly RollupSpan[], rows: readonly RollupRow[]): RollupRow[] {
  return rows.filter(({ grain, bucket }) =>
    spans.some((span) => span.grain === grain && span.from <= bucket && bucket < span.to),
  );
}

/** Identifies rows of one dimension, and whether each can change by folding. */
function listOf(rows: readonly RollupRow[]): string {
  const names = rows.map(({ grain, bucket, sealed }) => `${grain} ${bucket}${sealed ? "" : "?"}`);
  return names.sort().join();
}
