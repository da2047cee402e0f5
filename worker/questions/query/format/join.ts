/**
 * Joins the tables of a query's parts by their lines and computes metrics from them.
 * @module
 */
import { OTHER } from "../../../pipeline/rollup";
import {
  type BaseMetric,
  basesOf,
  type Metric,
  measuresOf,
  metricValue,
  type Resolved,
  resolvedValue,
} from "../../metrics";
import type { MetricColumn, ParsedQuery } from "../parse/parsed-query";
import type { AggregateTable, Group, Series, SeriesKey } from "../table/aggregate-table";

/** A combination of dimension values that some part has. */
export interface Line {
  key: SeriesKey;
  values: Series["values"];
}

/** The tables of all parts for one section of the result. */
export class PartJoin {
  constructor(
    readonly query: Pick<ParsedQuery, "partOf" | "columns">,
    readonly tables: readonly AggregateTable[],
  ) {}

  /** Whether rollups have added rare values of some part to `(other)`. */
  get isBounded(): boolean {
    return this.tables.some(({ bounds }) => !bounds.isEmpty);
  }

  /** Whether a line is the rare values of rollups, or of lines that are too many. */
  isOther(key: SeriesKey): boolean {
    return (key === OTHER && this.isBounded) || this.tables.some((t) => t.isFolded && t.otherKey === key);
  }

  /** Whether all metrics of a line are exact in all buckets. */
  isExact(key: SeriesKey): boolean {
    return this.query.columns.every(({ resolved }) => this.missing(resolved, key) === 0);
  }

  /**
   * By how much a metric of a line may differ from its value, in one bucket or over all; null when that is not known, as of
   * ratios. `key` undefined: of a value without a line.
   */
  missing(resolved: Resolved, key?: SeriesKey, bucket?: number): number | null {
    const missing = basesOf(resolved).flatMap((base) => {
      const { bounds, subquery } = this.tables[this.query.partOf.get(base)!] ?? {};
      return measuresOf(base.metric).map((name) => {
        const place = subquery?.measures.indexOf(name) ?? -1;
        if (!bounds || place < 0) return 0;
        return bucket === undefined ? bounds.wholeOf(place, key) : bounds.of(place, bucket, key);
      });
    });
    if (missing.every((most) => most === 0)) return 0;
    return resolved.kind === "base" && missing.length === 1 ? missing[0]! : null;
  }

  lines(): Line[] {
    const lines = new Map<SeriesKey, Line>();
    for (const { series } of this.tables) {
      for (const [key, { values }] of series) if (!lines.has(key)) lines.set(key, { key, values });
    }
    return [...lines.values()];
  }

  /** Returns a function that computes metrics in one bucket of a line; what several use is computed once. */
  line(key: SeriesKey, bucket: number): (resolved: Resolved) => number | null {
    const known = new Map<Resolved, number | null>();
    const ofBase = (base: BaseMetric) =>
      this.#ofBase(base, key, (table, series) => valueIn(base.metric, table, series?.groups.get(bucket)));
    return (resolved) => resolvedValue(resolved, ofBase, known);
  }

  valueOf(resolved: Resolved, key: SeriesKey, bucket: number): number | null {
    return this.line(key, bucket)(resolved);
  }

  /** A metric over all buckets of a line, to order by: a ratio of sums; distinct counts are added up. */
  wholeOf({ resolved }: MetricColumn, key: SeriesKey): number | null {
    return resolvedValue(resolved, (base) =>
      this.#ofBase(base, key, (table, series) => wholeIn(base.metric, table, series)),
    );
  }

  #ofBase(
    base: BaseMetric,
    key: SeriesKey,
    read: (table: AggregateTable, series: Series | undefined) => number | null,
  ): number | null {
    const table = this.tables[this.query.partOf.get(base)!]!;
    const series = table.series.get(key);
    if (!series && this.#isUnknown(table, key)) return null;
    const value = read(table, series);
    return value === null || !Number.isFinite(value) ? null : value;
  }

  /**
   * Whether a line that a table does not have is unknown instead of empty: it may be in the table's `(other)`, or it is the
   * `(other)` of another table, whose values this table has as lines of their own.
   */
  #isUnknown({ bounds, subquery, isFolded }: AggregateTable, key: SeriesKey): boolean {
    return (
      isFolded || this.isOther(key) || subquery.measures.some((_, place) => bounds.wholeOf(place, key) > 0)
    );
  }
}

/** A metric of a group of a table; without a group, its value over nothing. */
function valueIn(metric: Metric, table: AggregateTable, group: Group | undefined): number | null {
  return metricValue(metric, (name) => {
    const place = table.subquery.measures.indexOf(name);
    return place < 0 ? null : table.valueOf(place, group);
  });
}

function wholeIn(metric: Metric, table: AggregateTable, series: Series | undefined): number | null {
  return metricValue(metric, (measure) => {
    const place = table.subquery.measures.indexOf(measure);
    return place < 0 ? null : table.wholeOf(place, series?.groups.values() ?? []);
  });
}
