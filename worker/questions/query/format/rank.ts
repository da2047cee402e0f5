/**
 * Puts the lines of a breakdown in order.
 * @module
 */
import { type Metric, metricValue } from "../../metrics";
import type { Question } from "../parse/query";
import type { AggregateTable, Series } from "../table/aggregate-table";

type Key = string | number | null;

interface Order {
  name: string;
  direction: "asc" | "desc";
}

/** As asked, else most of the first metric first; ties by value. A metric counts over all buckets of a series. */
export function rank(question: Question, table: AggregateTable, series: readonly Series[]): Series[] {
  const { metrics, orderBy } = question;
  const order = orderOf(orderBy, metrics[0]!.name);
  return rankBy(series, order, (one, name) => keyOf(question, table, one, name));
}

/** What lines are ordered by: not by time, which orders rows. */
export function orderOf(orderBy: readonly Order[], first: string): readonly Order[] {
  const asked = orderBy.filter(({ name }) => !name.startsWith("time:"));
  return asked.length ? asked : [{ name: first, direction: "desc" }];
}

/** Lines in an order; ties by their values. */
export function rankBy<T extends Pick<Series, "values">>(
  series: readonly T[],
  order: readonly Order[],
  keyOf: (one: T, name: string) => Key,
): T[] {
  const signs = order.map(({ direction }) => (direction === "asc" ? 1 : -1));
  const keyed = series.map((one) => ({ one, keys: order.map(({ name }) => keyOf(one, name)) }));
  keyed.sort((a, b) => {
    for (let i = 0; i < signs.length; i++) {
      const difference = compareKeys(a.keys[i]!, b.keys[i]!, signs[i]!);
      if (difference) return difference;
    }
    for (const [i, value] of a.one.values.entries()) {
      const difference = compareKeys(value, b.one.values[i] ?? null, 1);
      if (difference) return difference;
    }
    return 0;
  });
  return keyed.map(({ one }) => one);
}

/** What a series is ordered by: a value of its own, or a metric over all its buckets (distinct counts as sums). */
function keyOf(
  { dimensions, metrics }: Question,
  table: AggregateTable,
  { values, groups }: Series,
  name: string,
): Key {
  const dimension = dimensions.findIndex((d) => d.name === name);
  if (dimension >= 0) return values[dimension] ?? null;
  const metric = metrics.find((m) => m.name === name);
  if (!metric) return null;
  return wholeIn(metric, table, groups);
}

/** A metric over all buckets of a line: a ratio of sums, distinct counts as sums. */
export function wholeIn(metric: Metric, table: AggregateTable, groups: Series["groups"]): number | null {
  return metricValue(metric, (measure) => {
    const place = table.ask.measures.indexOf(measure);
    return place < 0 ? null : table.wholeOf(place, groups.values());
  });
}

/** None comes last either way. */
function compareKeys(a: Key, b: Key, sign: number): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -sign : sign;
}
