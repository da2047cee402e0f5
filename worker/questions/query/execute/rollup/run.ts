/**
 * Runs the rollup plans of a batch: reads their rows once, answers each plan, and leaves to the lake what rows cannot answer.
 * @module
 */
import { precisionOf, type RollupRow, type RollupSpan, validityOf } from "../../../../pipeline/rollup";
import type { CheckedFilter } from "../../parse/filter";
import { isRefusal } from "../../parse/refusal";
import { type LakePlan, planLake } from "../../plan/lake-plan";
import { withCachedSets, withoutCachedSets } from "../cache/day-sets";
import { readBatchSnapshot } from "../cache/open-sessions";
import type { BatchState } from "../execution";
import { distinctSpans } from "../requirements";
import type { Snapshot } from "../snapshot-store";
import { isCurrent, type RollupRead, readOf, runRead } from "./read";
import { readSealed, sealedRange, unionRows } from "./sealed";

/** Answers the rollup plans of a batch. Reads again without caches when a cached entry is out of date. */
export async function runRollups(state: BatchState, useCache = true): Promise<void> {
  const { context, executions } = state;
  const setting = { ...context, ...state.project, useCache };
  const reads = [...executions.values()].flatMap((execution) =>
    execution.plan.store === "rollup" ? [readOf(execution, execution.plan, setting)] : [],
  );
  const wanted = distinctSpans(reads.flatMap(({ spans }) => spans));
  if (!wanted.length) return;
  const range = sealedRange(wanted, context.now);
  const version = { project: context.project, seq: state.project.seq, epoch: state.project.epoch };
  const spans = useCache && !range ? wanted.map((span) => withoutCachedSets(version, span)) : wanted;
  const snapshot = await readBatchSnapshot(state, { spans, events: null, sessions: null, rollups: range });
  const found = unionRows(snapshot.rollupRows, await sealedRows(state, wanted, range, snapshot));
  const { timezone: zone, epoch, seq } = state.project;
  const rows = range
    ? found
    : withCachedSets({ project: context.project, seq, epoch }, { wanted, read: spans }, found);
  if (!rows) return runRollups(state, false);
  const byDimension = Map.groupBy(rows, (row) => row.dimension);
  const rowsOf = ({ plan }: RollupRead) => byDimension.get(plan.dimension) ?? [];
  if (!reads.every((read) => isCurrent(read, rowsOf(read), epoch))) return runRollups(state, false);
  const foundByDimension = Map.groupBy(found, (row) => row.dimension);
  for (const read of reads) {
    answerRead(read, rowsOf(read), { zone, epoch, memory: state.memory });
    const bytes = foundByDimension.get(read.plan.dimension) ?? [];
    read.execution.bytesRead = bytes.reduce((sum, row) => sum + row.body.length, 0);
  }
}

async function sealedRows(
  { stores, context, project: { generation, timezone } }: BatchState,
  spans: RollupSpan[],
  range: { from: number; to: number } | null,
  { rollups, derived }: Snapshot,
): Promise<RollupRow[]> {
  if (!range) return [];
  const isValid = validityOf(generation, derived, timezone);
  const request = { project: context.project, spans, range, isValid };
  return readSealed(stores.lake, rollups, request, { rows: 0, bytes: 0 });
}

/** Stores what rollups answered in the execution, and adds scans for the rest. */
function answerRead(
  read: RollupRead,
  rows: readonly RollupRow[],
  setting: Parameters<typeof runRead>[2],
): void {
  const { execution, plan } = read;
  const { table, gaps, others, rowsRead } = runRead(read, rows, setting);
  execution.table = table;
  execution.rowsRead = rowsRead;
  const { subquery, edges, dimension } = plan;
  if (!table) {
    const why = "values that the filter needs may be in the `(other)` value of a bucket";
    execution.scans.push(scanOf(subquery, { edges, why }));
  }
  const precision = precisionOf(dimension);
  const exact: CheckedFilter = { dimension, op: "in", value: [...plan.exact] };
  for (const { measures, except, ...range } of gaps) {
    const why = "a sealed bucket has only the number of its visitors";
    const filter = except ? { not: exact } : subquery.filter;
    execution.scans.push(scanOf({ ...subquery, measures, filter }, { edges, why, range, precision }));
  }
  for (const range of others) {
    const why = "`(other)` of a bucket may contain some of the values";
    const filter = exact;
    execution.scans.push(scanOf({ ...subquery, filter }, { edges, why, range, precision, isOfOther: true }));
  }
}

/** The filter of a rollup plan has one dimension, which a scan can always use. */
function scanOf(...[subquery, options]: Parameters<typeof planLake>): LakePlan {
  const planned = planLake(subquery, options);
  if (isRefusal(planned)) throw new Error(`query: ${planned.detail}`);
  return planned;
}
