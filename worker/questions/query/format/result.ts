/**
 * From tables to the rows that the asker sees: metrics computed, buckets filled, ordered, cut.
 * @module
 */
import type { Unit } from "../../../../schema/wire/metric";
import type { QueryResult } from "../../../../schema/wire/query";
import { type Metric, metricValue } from "../../metrics";
import type { Question } from "../parse/query";
import { edgesOf } from "../plan/cover";
import { type AggregateTable, type Group, type Series, seriesKey } from "../table/aggregate-table";
import { rank } from "./rank";

/** The tables of a question's asks. */
export interface Answers {
  rows: AggregateTable;
  totals: AggregateTable;
  comparedRows: AggregateTable | null;
  comparedTotals: AggregateTable | null;
}

type Row = QueryResult["rows"][number];

/** Columns carrying the compared range's values are named after their metric. */
export const previousName = (metric: string) => `previous:${metric}`;

export function resultOf(question: Question, answers: Answers): Omit<QueryResult, "meta"> {
  const { metrics, compared } = question;
  const totals: QueryResult["totals"] = {};
  for (const metric of metrics) {
    totals[metric.name] = total(metric, answers.totals);
    if (answers.comparedTotals) totals[previousName(metric.name)] = total(metric, answers.comparedTotals);
  }
  return { columns: columnsOf(question, compared !== null), rows: rowsOf(question, answers), totals };
}

function total(metric: Metric, table: AggregateTable): number | null {
  return valueIn(metric, table, table.series.get("")?.groups.get(0));
}

/** A metric of a group of a table; of no group, what it is over nothing. */
export function valueIn(metric: Metric, table: AggregateTable, group: Group | undefined): number | null {
  return metricValue(metric, (name) => {
    const place = table.ask.measures.indexOf(name);
    return place < 0 ? null : table.valueOf(place, group);
  });
}

/** The columns of an answer: time and dimensions as asked, then each metric with the compared one beside it. */
export function columnsOf(
  {
    grain,
    timeFirst,
    dimensions,
    metrics,
    currency,
  }: Pick<Question, "grain" | "timeFirst" | "dimensions" | "currency"> & {
    metrics: Pick<Metric, "name" | "unit">[];
  },
  compared: boolean,
): QueryResult["columns"] {
  const time: QueryResult["columns"] = grain ? [{ name: `time:${grain}`, type: "time" }] : [];
  const split: QueryResult["columns"] = dimensions.map(({ name }) => ({ name, type: "string" }));
  const numbers = metrics.flatMap(({ name, unit }): QueryResult["columns"] => {
    const column = { name, type: "number", unit: unitIn(unit, currency) } as const;
    return compared ? [column, { ...column, name: previousName(name) }] : [column];
  });
  return timeFirst ? [...time, ...split, ...numbers] : [...split, ...time, ...numbers];
}

/** A unit as answers have it: amounts name their currency. */
export const unitIn = (unit: Unit, currency: string): Unit =>
  unit === "currency" ? `currency:${currency}` : unit;

function rowsOf(question: Question, { rows: table, comparedRows }: Answers): Row[] {
  const edges = edgesOf(question.range, question.grain, question.zone);
  const buckets = question.grain ? edges.slice(0, -1) : [question.range.from];
  const rows = shownSeries(question, table).flatMap(({ values, groups }) => {
    const previous = comparedRows?.series.get(seriesKey(values));
    return buckets.map((start, bucket): Row => {
      const numbers = question.metrics.flatMap((metric) => {
        const value = valueIn(metric, table, groups.get(bucket));
        return comparedRows ? [value, valueIn(metric, comparedRows, previous?.groups.get(bucket))] : [value];
      });
      const time = question.grain ? [start] : [];
      return question.timeFirst ? [...time, ...values, ...numbers] : [...values, ...time, ...numbers];
    });
  });
  return question.grain ? orderByTime(question, rows) : rows;
}

/** The series of a breakdown, ordered and cut; without dimensions the one there is, also when nothing was counted. */
function shownSeries(question: Question, table: AggregateTable): Series[] {
  const { dimensions, limit } = question;
  if (!dimensions.length) return [table.series.get("") ?? { values: [], groups: new Map() }];
  const isShown = ({ values }: Series) =>
    dimensions.every(({ nulls }, i) => nulls === "keep" || values[i] !== null);
  return rank(question, table, [...table.series.values()].filter(isShown)).slice(0, limit);
}

/** Rows of a series by time: bucket by bucket, within a bucket as ranked. */
export function orderByTime(
  { grain, orderBy, timeFirst, dimensions }: Pick<Question, "grain" | "orderBy" | "timeFirst" | "dimensions">,
  rows: Row[],
): Row[] {
  const place = timeFirst ? 0 : dimensions.length;
  const sign = orderBy.some(({ name, direction }) => name === `time:${grain}` && direction === "desc")
    ? -1
    : 1;
  return rows.toSorted((a, b) => sign * (Number(a[place]) - Number(b[place])));
}
