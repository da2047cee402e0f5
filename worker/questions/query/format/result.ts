/**
 * Formats tables as a result: metrics computed, buckets filled, lines ordered and cut.
 * @module
 */
import type { Unit } from "../../../../schema/wire/metric";
import type { Meta, QueryResult, ResultRow } from "../../../../schema/wire/query";
import type { MetricColumn, ParsedQuery, QueryShape } from "../parse/parsed-query";
import type { Sections } from "../plan";
import { edgesOf } from "../plan/cover";
import type { AggregateTable } from "../table/aggregate-table";
import { type Line, PartJoin } from "./join";
import { orderOf, rankBy } from "./rank";

/** Name of the column with a metric's value in the compared range. */
export const previousName = (metric: string) => `previous:${metric}`;

/** Returns the result of a query from the tables of its parts. */
export function formatResult(
  query: ParsedQuery,
  parts: readonly Sections<AggregateTable>[],
  meta: Meta,
): QueryResult {
  const join = (tables: readonly AggregateTable[]) => new PartJoin(query, tables);
  const isCompared = query.compared !== null;
  const before = isCompared ? join(parts.map((part) => part.comparedRows!)) : null;
  const totals: QueryResult["totals"] = {};
  const whole = join(parts.map((part) => part.totals));
  const wholeBefore = isCompared ? join(parts.map((part) => part.comparedTotals!)) : null;
  for (const { name, resolved } of query.columns) {
    totals[name] = whole.valueOf(resolved, "", 0);
    if (wholeBefore) totals[previousName(name)] = wholeBefore.valueOf(resolved, "", 0);
  }
  const rows = rowsOf(query, join(parts.map((part) => part.rows)), before);
  return { columns: columnsOf(query), rows, totals, meta };
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

function rowsOf(query: ParsedQuery, now: PartJoin, before: PartJoin | null): ResultRow[] {
  const { columns, grain, timeFirst, range, zone } = query;
  const edges = edgesOf(range, grain, zone);
  const buckets = grain ? edges.slice(0, -1) : [range.from];
  const rows = shownLines(query, now).flatMap(({ key, values }) =>
    buckets.map((start, bucket): ResultRow => {
      const value = now.line(key, bucket);
      const previous = before?.line(key, bucket);
      const numbers = columns.flatMap(({ resolved }) =>
        previous ? [value(resolved), previous(resolved)] : [value(resolved)],
      );
      const time = grain ? [start] : [];
      return timeFirst ? [...time, ...values, ...numbers] : [...values, ...time, ...numbers];
    }),
  );
  return grain ? orderByTime(query, rows) : rows;
}

/** The lines of a breakdown, ordered and cut. Without dimensions there is always one. */
function shownLines({ dimensions, columns, orderBy, limit }: ParsedQuery, join: PartJoin): Line[] {
  if (!dimensions.length) return [{ key: "", values: [] }];
  const isShown = ({ values }: Line) =>
    dimensions.every(({ nulls }, i) => nulls === "keep" || values[i] !== null);
  const sortKeyOf = ({ key, values }: Line, name: string) => {
    const dimension = dimensions.findIndex((one) => one.name === name);
    if (dimension >= 0) return values[dimension] ?? null;
    const column = columns.find((one: MetricColumn) => one.name === name);
    return column ? join.wholeOf(column, key) : null;
  };
  return rankBy(join.lines().filter(isShown), orderOf(orderBy, columns[0]!.name), sortKeyOf).slice(0, limit);
}

/** Orders rows by bucket; rows of one bucket stay in the order of their lines. */
function orderByTime({ grain, orderBy, timeFirst, dimensions }: QueryShape, rows: ResultRow[]): ResultRow[] {
  const place = timeFirst ? 0 : dimensions.length;
  const isDescending = orderBy.some(
    ({ name, direction }) => name === `time:${grain}` && direction === "desc",
  );
  const sign = isDescending ? -1 : 1;
  return rows.toSorted((a, b) => sign * (Number(a[place]) - Number(b[place])));
}
