/**
 * The answer to a query for defined metrics, from the tables of its parts: lines are joined by their values, formulas
 * evaluated for every line, bucket and total, and only then is anything ordered or cut.
 * @module
 */
import type { QueryResult } from "../../../../schema/wire/query";
import { OTHER } from "../../../pipeline/rollup";
import { type BaseMetric, type Resolved, resolvedValue } from "../../metrics";
import type { Answer, QueryBatch } from "../execute/batch";
import type { Column, Compound } from "../parse/formulas";
import { edgesOf } from "../plan/cover";
import type { AggregateTable, Series, SeriesKey } from "../table/aggregate-table";
import { orderOf, rankBy, wholeIn } from "./rank";
import { type Answers, columnsOf, orderByTime, previousName, valueIn } from "./result";

/** Answers a compound that the page was read for. */
export function combine(compound: Compound, page: QueryBatch, elapsedMs: number): Answer {
  const found = page.tablesFor(compound.parts, elapsedMs);
  if ("refusal" in found) return found;
  return { result: { ...resultOf(compound, found.answers), meta: found.meta } };
}

type Row = QueryResult["rows"][number];

function resultOf(compound: Compound, answers: readonly Answers[]): Omit<QueryResult, "meta"> {
  const { columns, compared } = compound;
  const rows = new Join(
    compound,
    answers.map((one) => one.rows),
  );
  const before =
    compared &&
    new Join(
      compound,
      answers.map((one) => one.comparedRows!),
    );
  const totals: QueryResult["totals"] = {};
  const whole = new Join(
    compound,
    answers.map((one) => one.totals),
  );
  const wholeBefore =
    compared &&
    new Join(
      compound,
      answers.map((one) => one.comparedTotals!),
    );
  for (const { name, resolved } of columns) {
    totals[name] = whole.valueOf(resolved, "", 0);
    if (wholeBefore) totals[previousName(name)] = wholeBefore.valueOf(resolved, "", 0);
  }
  return {
    columns: columnsOf({ ...compound, metrics: columns }, compared !== null),
    rows: rowsOf(compound, rows, before),
    totals,
  };
}

function rowsOf(compound: Compound, now: Join, before: Join | null): Row[] {
  const { columns, grain, timeFirst } = compound;
  const edges = edgesOf(compound.range, grain, compound.zone);
  const buckets = grain ? edges.slice(0, -1) : [compound.range.from];
  const rows = shown(compound, now).flatMap(({ key, values }) =>
    buckets.map((start, bucket): Row => {
      const of = now.line(key, bucket);
      const previously = before?.line(key, bucket);
      const numbers = columns.flatMap(({ resolved }) =>
        previously ? [of(resolved), previously(resolved)] : [of(resolved)],
      );
      const time = grain ? [start] : [];
      return timeFirst ? [...time, ...values, ...numbers] : [...values, ...time, ...numbers];
    }),
  );
  return grain ? orderByTime(compound, rows) : rows;
}

/** A combination of values that some part has. */
interface Line {
  key: SeriesKey;
  values: Series["values"];
}

/** The lines of the answer, ordered and cut; without dimensions the one there is. */
function shown({ dimensions, columns, orderBy, limit }: Compound, join: Join): Line[] {
  if (!dimensions.length) return [{ key: "", values: [] }];
  const isShown = ({ values }: Line) =>
    dimensions.every(({ nulls }, i) => nulls === "keep" || values[i] !== null);
  const keyOf = ({ key, values }: Line, name: string) => {
    const dimension = dimensions.findIndex((one) => one.name === name);
    if (dimension >= 0) return values[dimension] ?? null;
    const column = columns.find((one) => one.name === name);
    return column ? join.wholeOf(column, key) : null;
  };
  const order = orderOf(orderBy, columns[0]!.name);
  return rankBy(join.lines().filter(isShown), order, keyOf).slice(0, limit);
}

/** Tables of the parts side by side. */
class Join {
  /** Whether some part has folded the tail of its values into one line. */
  readonly #folded: boolean;

  constructor(
    readonly compound: Compound,
    readonly tables: readonly AggregateTable[],
  ) {
    this.#folded = tables.some(hasTail);
  }

  lines(): Line[] {
    const lines = new Map<SeriesKey, Line>();
    for (const { series } of this.tables) {
      for (const [key, { values }] of series) if (!lines.has(key)) lines.set(key, { key, values });
    }
    return [...lines.values()];
  }

  /** Values of metrics in one bucket of a line; what several rest on is worked out once. */
  line(key: SeriesKey, bucket: number): (resolved: Resolved) => number | null {
    const known = new Map<Resolved, number | null>();
    const ofBase = (base: BaseMetric) =>
      this.#ofBase(base, key, (table, series) => valueIn(base.metric, table, series?.groups.get(bucket)));
    return (resolved) => resolvedValue(resolved, ofBase, known);
  }

  valueOf(resolved: Resolved, key: SeriesKey, bucket: number): number | null {
    return this.line(key, bucket)(resolved);
  }

  /** A metric over all buckets of a line, to order by. */
  wholeOf({ resolved }: Column, key: SeriesKey): number | null {
    return resolvedValue(resolved, (base) =>
      this.#ofBase(base, key, (table, series) => wholeIn(base.metric, table, series?.groups ?? new Map())),
    );
  }

  #ofBase(
    base: BaseMetric,
    key: SeriesKey,
    read: (table: AggregateTable, series: Series | undefined) => number | null,
  ): number | null {
    const table = this.tables[this.compound.partOf.get(base)!]!;
    const series = table.series.get(key);
    if (!series && this.#isUnknown(table, key)) return null;
    const value = read(table, series);
    return value === null || !Number.isFinite(value) ? null : value;
  }

  /**
   * Whether nothing can be said about a line that a table does not have: it may lie in the table's tail, or it is the tail
   * of another one, whose values this one has as lines of their own.
   */
  #isUnknown(table: AggregateTable, key: SeriesKey): boolean {
    return this.#folded && (hasTail(table) || key === OTHER);
  }
}

/** Rollups keep one dimension at a time, so a tail's key is its value. */
const hasTail = ({ ask, series }: AggregateTable) => ask.dimensions.length === 1 && series.has(OTHER);
