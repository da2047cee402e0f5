/**
 * From tables to the rows that the asker sees: metrics computed, buckets filled, ordered, cut.
 * @module
 */
import type { Result } from "../../schema/wire/query";
import { type Metric, measuresOf, metricValue } from "../metrics";
import type { Value } from "./filter";
import { edgesOf } from "./plan/cover";
import type { Question } from "./question";
import { type Group, numberOf, type Table } from "./table";

/** The tables of a question's asks. */
export interface Answers {
  rows: Table;
  totals: Table;
  comparedRows: Table | null;
  comparedTotals: Table | null;
}

type Row = Result["rows"][number];

/** Columns carrying the compared range's values are named after their metric. */
export const previousName = (metric: string) => `previous:${metric}`;

export function resultOf(question: Question, answers: Answers): Omit<Result, "meta"> {
  const { metrics, compared } = question;
  const totals: Result["totals"] = {};
  for (const metric of metrics) {
    totals[metric.name] = total(metric, answers.totals);
    if (answers.comparedTotals) totals[previousName(metric.name)] = total(metric, answers.comparedTotals);
  }
  return { columns: columnsOf(question, compared !== null), rows: rowsOf(question, answers), totals };
}

function total(metric: Metric, table: Table): number | null {
  return valueIn(metric, table, table.groups.get("0"));
}

function valueIn(metric: Metric, table: Table, group: Group | undefined): number | null {
  return metricValue(metric, (name) => {
    const place = table.ask.measures.indexOf(name);
    if (place < 0) return null;
    return numberOf(group?.cells[place] ?? 0);
  });
}

function columnsOf(
  { grain, timeFirst, dimensions, metrics }: Question,
  compared: boolean,
): Result["columns"] {
  const time: Result["columns"] = grain ? [{ name: `time:${grain}`, type: "time" }] : [];
  const split: Result["columns"] = dimensions.map(({ name }) => ({ name, type: "string" }));
  const numbers = metrics.flatMap(({ name, unit }): Result["columns"] => {
    const column = { name, type: "number", unit } as const;
    return compared ? [column, { ...column, name: previousName(name) }] : [column];
  });
  return timeFirst ? [...time, ...split, ...numbers] : [...split, ...time, ...numbers];
}

/** A combination of values with its groups by bucket. */
interface Series {
  values: readonly Value[];
  groups: Map<number, Group>;
}

function rowsOf(question: Question, answers: Answers): Row[] {
  const series = seriesOf(answers.rows);
  if (!question.dimensions.length && !series.size) series.set("[]", { values: [], groups: new Map() });
  const previous = answers.comparedRows && seriesOf(answers.comparedRows);
  const edges = edgesOf(question.range, question.grain, question.zone);
  const buckets = question.grain ? edges.slice(0, -1) : [question.range.from];
  const visible = [...series].filter(([, { values }]) => isShown(question, values));
  const ranked = rank(question, answers.rows, visible).slice(0, question.limit);
  const rows = ranked.flatMap(([key, { values, groups }]) =>
    buckets.map((start, bucket): Row => {
      const numbers = question.metrics.flatMap((metric) => {
        const value = valueIn(metric, answers.rows, groups.get(bucket));
        if (!answers.comparedRows) return [value];
        return [value, valueIn(metric, answers.comparedRows, previous?.get(key)?.groups.get(bucket))];
      });
      const time = question.grain ? [start] : [];
      return question.timeFirst ? [...time, ...values, ...numbers] : [...values, ...time, ...numbers];
    }),
  );
  return question.grain ? orderByTime(question, rows) : rows;
}

function seriesOf(table: Table): Map<string, Series> {
  const series = new Map<string, Series>();
  for (const group of table.groups.values()) {
    const key = JSON.stringify(group.values);
    const known = series.get(key) ?? { values: group.values, groups: new Map() };
    known.groups.set(group.bucket, group);
    series.set(key, known);
  }
  return series;
}

/** Whether a combination has all the values without which a breakdown leaves it out. */
function isShown({ dimensions }: Question, values: readonly Value[]): boolean {
  return dimensions.every(({ nulls }, i) => nulls === "keep" || values[i] !== null);
}

/** Orders the series: as asked, else most of the first metric first; ties by value. A metric counts over all buckets. */
function rank(question: Question, table: Table, series: [string, Series][]): [string, Series][] {
  const { metrics, dimensions } = question;
  const asked = question.orderBy.filter(({ name }) => !name.startsWith("time:"));
  const order = asked.length ? asked : [{ name: metrics[0]!.name, direction: "desc" as const }];
  const keys = new Map(
    series.map(([key, { values, groups }]) => {
      const parts = order.map(({ name }) => {
        const dimension = dimensions.findIndex((d) => d.name === name);
        if (dimension >= 0) return values[dimension] ?? null;
        return overall(metrics.find((m) => m.name === name)!, table, groups);
      });
      return [key, parts];
    }),
  );
  return series.toSorted(([a, { values: left }], [b, { values: right }]) => {
    const x = keys.get(a)!;
    const y = keys.get(b)!;
    for (const [i, { direction }] of order.entries()) {
      const sign = direction === "asc" ? 1 : -1;
      const difference = compareCells(x[i] ?? null, y[i] ?? null, sign);
      if (difference) return difference;
    }
    for (let i = 0; i < left.length; i++) {
      const difference = compareCells(left[i] ?? null, right[i] ?? null, 1);
      if (difference) return difference;
    }
    return 0;
  });
}

/** A metric over all buckets of a series, for ranking: distinct counts are taken as sums. */
function overall(metric: Metric, table: Table, groups: Map<number, Group>): number | null {
  return metricValue(metric, (name) => {
    const place = table.ask.measures.indexOf(name);
    let sum = 0;
    for (const group of groups.values()) sum += numberOf(group.cells[place] ?? 0);
    return measuresOf(metric).includes(name) ? sum : null;
  });
}

/** None comes last either way. */
function compareCells(a: string | number | null, b: string | number | null, sign: 1 | -1): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -sign : sign;
}

/** Rows of a series by time: bucket by bucket, within a bucket as ranked. */
function orderByTime({ grain, orderBy, timeFirst, dimensions }: Question, rows: Row[]): Row[] {
  const place = timeFirst ? 0 : dimensions.length;
  const sign = orderBy.some(({ name, direction }) => name === `time:${grain}` && direction === "desc")
    ? -1
    : 1;
  return rows.toSorted((a, b) => sign * (Number(a[place]) - Number(b[place])));
}
