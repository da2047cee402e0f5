/**
 * Formats tables as a result: metrics computed, buckets filled, lines ordered and cut.
 * @module
 */
import type { Unit } from "../../../../schema/wire/metric";
import type { Meta, QueryResult, ResultRow, RowBounds } from "../../../../schema/wire/query";
import type { ParsedQuery, QueryShape } from "../parse/parsed-query";
import type { Refusal } from "../parse/refusal";
import type { Sections } from "../plan";
import { edgesOf } from "../plan/cover";
import type { AggregateTable } from "../table/aggregate-table";
import type { CellCounter } from "./cells";
import { isOrderInDoubt } from "./doubt";
import { type Line, PartJoin } from "./join";
import { rankLines } from "./rank";

/** Name of the column with a metric's value in the compared range. */
export const previousName = (metric: string) => `previous:${metric}`;

/** Returns the result of a query from the tables of its parts, or a refusal when it has too many cells. */
export function formatResult(
  query: ParsedQuery,
  parts: readonly Sections<AggregateTable>[],
  meta: Meta,
  counter: CellCounter,
): QueryResult | Refusal {
  const join = (tables: readonly AggregateTable[]) => new PartJoin(query, tables);
  const isCompared = query.compared !== null;
  const now = join(parts.map((part) => part.rows));
  const lines = shownLines(query, now);
  const buckets = bucketsOf(query);
  const refusal = counter.refuse(query, lines.length, buckets.length);
  if (refusal) return refusal;
  const before = isCompared ? join(parts.map((part) => part.comparedRows!)) : null;
  const totals: QueryResult["totals"] = {};
  const whole = join(parts.map((part) => part.totals));
  const wholeBefore = isCompared ? join(parts.map((part) => part.comparedTotals!)) : null;
  for (const { name, resolved } of query.columns) {
    totals[name] = whole.valueOf(resolved, "", 0);
    if (wholeBefore) totals[previousName(name)] = wholeBefore.valueOf(resolved, "", 0);
  }
  const rows = rowsOf(query, { lines, buckets, now, before });
  const isBounded = rows.some(({ bounds }) => bounds);
  return {
    columns: columnsOf(query),
    rows: rows.map(({ row }) => row),
    ...(isBounded && { bounds: rows.map(({ bounds }) => bounds) }),
    totals,
    meta: { ...meta, approximate: meta.approximate || isBounded || isOrderInDoubt(query, now) },
  };
}

/** Time and dimensions in the order of the query, then each metric with its compared value next to it. */
function columnsOf(query: ParsedQuery): QueryResult["columns"] {
  const { grain, timeFirst, dimensions, columns, compared, currency } = query;
  const time: QueryResult["columns"] = grain ? [{ name: `time:${grain}`, type: "time" }] : [];
  const split: QueryResult["columns"] = dimensions.map(({ name }) => ({ name, type: "string" }));
  const numbers = columns.flatMap(({ name, unit }): QueryResult["columns"] => {
    const column = { name, type: "number", unit: unitIn(unit, currency) } as const;
    return compared ? [column, { ...column, name: previousName(name) }] : [column];
  });
  return timeFirst ? [...time, ...split, ...numbers] : [...split, ...time, ...numbers];
}

/** A unit in results: amounts have the code of their currency. */
export const unitIn = (unit: Unit, currency: string): Unit =>
  unit === "currency" ? `currency:${currency}` : unit;

/** A row and the bounds of its metrics. */
interface BoundedRow {
  row: ResultRow;
  bounds: RowBounds | null;
}

/** The lines and buckets of a result, and the tables that fill them. */
interface Filling {
  lines: readonly Line[];
  buckets: readonly number[];
  now: PartJoin;
  before: PartJoin | null;
}

/** Starts of the time buckets; without a grain there is one. */
function bucketsOf({ range, grain, zone }: QueryShape): number[] {
  return grain ? edgesOf(range, grain, zone).slice(0, -1) : [range.from];
}

function rowsOf(query: ParsedQuery, { lines, buckets, now, before }: Filling): BoundedRow[] {
  const { columns, grain, timeFirst } = query;
  const rows = lines.flatMap(({ key, values }) =>
    buckets.map((start, bucket): BoundedRow => {
      const value = now.line(key, bucket);
      const previous = before?.line(key, bucket);
      const numbers = columns.flatMap(({ resolved }) =>
        previous ? [value(resolved), previous(resolved)] : [value(resolved)],
      );
      const time = grain ? [start] : [];
      const row = timeFirst ? [...time, ...values, ...numbers] : [...values, ...time, ...numbers];
      return { row, bounds: boundsOf(query, now, before, key, bucket) };
    }),
  );
  return grain ? orderByTime(query, rows) : rows;
}

/** The bounds of the columns that are not exact; null when all are. */
function boundsOf(
  { columns }: ParsedQuery,
  now: PartJoin,
  before: PartJoin | null,
  key: Line["key"],
  bucket: number,
): RowBounds | null {
  if (!now.isBounded && !before?.isBounded) return null;
  const bounds: RowBounds = {};
  for (const { name, resolved } of columns) {
    const missing = now.missing(resolved, key, bucket);
    if (missing !== 0) bounds[name] = missing;
    const missingBefore = before?.missing(resolved, key, bucket) ?? 0;
    if (before && missingBefore !== 0) bounds[previousName(name)] = missingBefore;
  }
  return Object.keys(bounds).length ? bounds : null;
}

/** The lines of a breakdown, ordered and cut, then `(other)`. Without dimensions there is always one. */
function shownLines(query: ParsedQuery, join: PartJoin): Line[] {
  if (!query.dimensions.length) return [{ key: "", values: [] }];
  const other = join.lines().filter(({ key }) => join.isOther(key));
  return [...rankLines(query, join).slice(0, query.limit), ...other];
}

/** Orders rows by bucket; rows of one bucket stay in the order of their lines. */
function orderByTime(
  { grain, orderBy, timeFirst, dimensions }: QueryShape,
  rows: BoundedRow[],
): BoundedRow[] {
  const place = timeFirst ? 0 : dimensions.length;
  const isDescending = orderBy.some(
    ({ name, direction }) => name === `time:${grain}` && direction === "desc",
  );
  const sign = isDescending ? -1 : 1;
  return rows.toSorted(({ row: a }, { row: b }) => sign * (Number(a[place]) - Number(b[place])));
}
