/**
 * Rollup plans in two halves: buckets that are sealed, and the rest. What sealed buckets say is added up once and kept in
 * the isolate, as a dashboard asks the same about the same days until midnight; their rows are then read by key alone.
 * What is kept holds while the project's epoch, which everything that rewrites a sealed row raises, and the list of
 * the rows are what they were.
 * @module
 */
import { DAY_MS } from "../../../../lib/time";
import { HOURS_KEPT_MS, type RollupRow, type RollupSpan } from "../../../../pipeline/rollup";
import type { RollupPlan } from "../../plan/plan";
import type { AggregateTable } from "../../table/aggregate-table";
import type { MemoryBudget } from "../../table/distinct";
import type { Execution } from "../execution";
import { type Gap, type RollupRun, runRollup } from "../rollup/aggregate";
import { sealedRange } from "../rollup/sealed";

/** Bytes that all kept tables may take, each sketch counted as large as it can grow. */
const MOST_BYTES = 16 * 1024 * 1024;

interface Kept {
  epoch: number;
  rows: string;
  table: AggregateTable;
  gaps: Gap[];
}

/** The first is the next to be forgotten. */
const kept = new Map<string, Kept>();
let bytes = 0;

/** How one job is read. */
export interface Reading {
  job: Execution;
  plan: RollupPlan;
  /** What has to be read. */
  spans: RollupSpan[];
  halves: Halves | null;
  /** What is kept of the settled half. */
  known: Kept | null;
}

interface Halves {
  key: string;
  settled: RollupPlan;
  rest: RollupPlan;
}

/** Where and when a plan is read; `recalling`: whether kept tables may be used. */
interface Setting {
  project: string;
  timezone: string;
  /** Days that end before this epoch ms are sealed. */
  sealedUntil: number;
  now: number;
  recalling: boolean;
}

export function readingOf(job: Execution, plan: RollupPlan, setting: Setting): Reading {
  const halves = halve(plan, setting);
  const known = (setting.recalling && halves && kept.get(halves.key)) || null;
  if (!halves || !known) return { job, plan, spans: plan.spans, halves, known: null };
  const keys = halves.settled.spans.map((span): RollupSpan => ({ ...span, depth: "key" }));
  return { job, plan, spans: [...keys, ...halves.rest.spans], halves, known };
}

/**
 * Cuts a plan after the last sealed bucket. Null when nothing would be settled, or when it may not be answered from the
 * rows alone: rows that are filtered, and rows that have left D1. Series by the hour are not kept: they are too large.
 */
function halve(plan: RollupPlan, { project, timezone, sealedUntil, now }: Setting): Halves | null {
  const { ask, edges, spans } = plan;
  if (ask.filter || sealedRange(spans, now)) return null;
  const until = { day: sealedUntil, hour: sealedUntil - HOURS_KEPT_MS - DAY_MS };
  const isOver = ({ grain, from, to }: RollupSpan) =>
    grain === "day" ? from < until.day : ask.grain !== "hour" && to <= until.hour;
  const over = spans.filter(isOver).map((span) => ({ ...span, to: Math.min(span.to, until.day) }));
  if (!over.length) return null;
  const rest = spans.flatMap((span) => {
    if (!isOver(span)) return [span];
    return span.to > until.day ? [{ ...span, from: until.day }] : [];
  });
  return {
    key: JSON.stringify([project, timezone, ask, edges, over]),
    settled: { ...plan, spans: over, gaps: [] },
    rest: { ...plan, spans: rest },
  };
}

/** Whether what a reading knows still holds. `rows`: those of its dimension, as they are now. */
export function holds({ halves, known }: Reading, rows: readonly RollupRow[], epoch: number): boolean {
  if (!halves || !known) return true;
  const isSame = known.epoch === epoch && known.rows === listOf(within(halves.settled.spans, rows));
  if (!isSame) forget(halves.key);
  return isSame;
}

/** Answers a plan from rows and from what is known. */
export function runReading(
  { plan, halves, known }: Reading,
  rows: readonly RollupRow[],
  { zone, epoch }: { zone: string; epoch: number },
  room: MemoryBudget,
): RollupRun {
  if (!halves) return runRollup(plan, rows, zone, room);
  const { key, settled, rest } = halves;
  const over = within(settled.spans, rows);
  const found = known
    ? { table: known.table, gaps: known.gaps, rowsRead: over.length }
    : runRollup(settled, over, zone, room);
  const { table, gaps } = found;
  const run = runRollup(rest, rows, zone, room, table ?? undefined);
  if (!table || !run.table) throw new Error("rollup: rows that nothing filters were not enough");
  if (over.every((row) => row.sealed)) keep(key, { epoch, rows: listOf(over), table, gaps });
  return { ...run, gaps: [...gaps, ...run.gaps], rowsRead: found.rowsRead + run.rowsRead };
}

function within(spans: readonly RollupSpan[], rows: readonly RollupRow[]): RollupRow[] {
  return rows.filter(({ grain, bucket }) =>
    spans.some((span) => span.grain === grain && span.from <= bucket && bucket < span.to),
  );
}

/** Names rows of one dimension, and whether each can change by folding. */
function listOf(rows: readonly RollupRow[]): string {
  const names = rows.map(({ grain, bucket, sealed }) => `${grain} ${bucket}${sealed ? "" : "?"}`);
  return names.sort().join();
}

/** Keeps a table as the last to be forgotten. */
function keep(key: string, entry: Kept): void {
  forget(key);
  kept.set(key, entry);
  bytes += entry.table.weight;
  for (const oldest of kept.keys()) {
    if (bytes <= MOST_BYTES) break;
    forget(oldest);
  }
}

function forget(key: string): void {
  bytes -= kept.get(key)?.table.weight ?? 0;
  kept.delete(key);
}
