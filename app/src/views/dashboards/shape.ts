/**
 * Converts query results to the data that widgets draw. Pure functions.
 * @module
 */
import type { Granularity, QueryResult, ResultRow } from "../../../../schema/wire/query";
import { changeOf, isOpen, type Measured, numberOf, PREVIOUS } from "../../query-state";
import { valueLabel } from "../explore/cards";
import type { Measure, Naming } from "./naming";

/** A line, or a layer of a stack. */
export interface Series {
  key: string;
  label: string;
  measure: Measure;
  values: (number | null)[];
  /** Null without a comparison. */
  previous: (number | null)[] | null;
}

/** Values over time. */
export interface Times {
  grain: Granularity;
  /** Start of each bucket, epoch ms, ascending. */
  starts: number[];
  /** True while the last bucket is open. */
  open: boolean;
  series: Series[];
}

/** One part of a breakdown. */
export interface Part extends Measured {
  key: string;
  label: string;
  /** The dimension's value; null when not set. */
  raw: string | null;
  /** Share of the total, 0 to 1; null when values do not add up. */
  share: number | null;
}

export interface Column {
  name: string;
  label: string;
  /** Set for numbers. */
  measure?: Measure;
  /** Set for columns with the change of the metric to the left. */
  change?: Measure;
  grain?: Granularity;
}
type Cell = string | number | null;
export interface Line {
  cells: Cell[];
  /** Values as in the result: compared values instead of changes. */
  raw: Cell[];
}
/** Rows and columns of a result. */
export interface Table {
  columns: Column[];
  /** Names of the columns in the result. */
  names: string[];
  lines: Line[];
  /** Totals by column; null for a column without one. */
  totals: (number | null)[] | null;
}

const asText = (cell: unknown): string | null => (cell === null || cell === undefined ? null : String(cell));

/** Column indexes of a result. */
function placesOf(result: QueryResult) {
  const place = new Map(result.columns.map(({ name }, index) => [name, index]));
  const time = result.columns.findIndex(({ type }) => type === "time");
  const split = result.columns.flatMap(({ type }, index) => (type === "string" ? [index] : []));
  const metrics = result.columns.flatMap(({ name, type, unit }) =>
    type === "number" && !name.startsWith(PREVIOUS) ? [{ name, unit }] : [],
  );
  const isCompared = metrics.some(({ name }) => place.has(PREVIOUS + name));
  const grain = result.columns[time]?.name.replace("time:", "") as Granularity | undefined;
  return { place, time, split, metrics, isCompared, grain };
}

/** Returns the labels of the dimension values of a row. */
function wordsOf(result: QueryResult, split: number[], row: ResultRow, locale: string): string {
  return split
    .map((index) => valueLabel(result.columns[index]?.name ?? "", asText(row[index]), locale))
    .join(" · ");
}

/** Returns the total of the first metric and its compared value. */
export function totalOf(result: QueryResult, naming: Naming): Measured & { measure: Measure } {
  const { metrics, place } = placesOf(result);
  const { name = "", unit } = metrics[0] ?? {};
  const only = result.rows.length === 1 ? result.rows[0] : undefined;
  const read = (column: string) => {
    const total = result.totals?.[column];
    return total === undefined ? numberOf(only?.[place.get(column) ?? -1]) : total;
  };
  return { value: read(name), previous: read(PREVIOUS + name), measure: naming.measure(name, unit) };
}

/** Returns series over time, one per metric or per dimension value. Null without a time column. */
export function timesOf(
  result: QueryResult,
  naming: Naming,
  locale: string,
  at: { timezone: string; now: number },
): Times | null {
  const { place, time, split, metrics, isCompared, grain } = placesOf(result);
  if (time < 0 || !grain) return null;
  const rows = result.rows.filter((row) => Number(row[time]) <= at.now);
  const starts = [...new Set(rows.map((row) => Number(row[time])))].sort((a, b) => a - b);
  const places = new Map(starts.map((start, index) => [start, index]));
  const series = new Map<string, Series>();
  const blank = () => new Array<number | null>(starts.length).fill(null);
  for (const row of rows) {
    const group = JSON.stringify(split.map((index) => row[index] ?? null));
    for (const { name, unit } of split.length ? metrics.slice(0, 1) : metrics) {
      const key = split.length ? group : name;
      const measure = naming.measure(name, unit);
      const found = series.get(key) ?? {
        key,
        label: split.length ? wordsOf(result, split, row, locale) : measure.label,
        measure,
        values: blank(),
        previous: isCompared ? blank() : null,
      };
      const index = places.get(Number(row[time])) ?? 0;
      found.values[index] = numberOf(row[place.get(name) ?? -1]);
      if (found.previous) found.previous[index] = numberOf(row[place.get(PREVIOUS + name) ?? -1]);
      series.set(key, found);
    }
  }
  const last = starts.at(-1) ?? 0;
  return {
    grain,
    starts,
    open: isOpen(last, grain, at.timezone, at.now),
    series: bySize([...series.values()]),
  };
}

/** Sorts series, largest first, when their values are comparable. */
function bySize(series: Series[]): Series[] {
  const sum = ({ values }: Series) => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const isAlike = new Set(series.map(({ measure }) => measure.name)).size < series.length;
  return isAlike ? series.sort((a, b) => sum(b) - sum(a)) : series;
}

/** Whether parts add up to the total: counts and money only. */
const addsUp = ({ unit }: Measure) => unit === "count" || unit.startsWith("currency:");

/** Returns the parts of a breakdown by its first metric, in result order. */
export function partsOf(
  result: QueryResult,
  naming: Naming,
  locale: string,
): { measure: Measure; dimension: string; parts: Part[]; total: number | null } {
  const { place, split, metrics } = placesOf(result);
  const { name = "", unit } = metrics[0] ?? {};
  const measure = naming.measure(name, unit);
  const total = addsUp(measure) ? (result.totals?.[name] ?? null) : null;
  const parts = result.rows.map((row): Part => {
    const value = numberOf(row[place.get(name) ?? -1]);
    return {
      key: JSON.stringify(split.map((index) => row[index] ?? null)),
      label: wordsOf(result, split, row, locale),
      raw: asText(row[split[0] ?? -1]),
      value,
      previous: numberOf(row[place.get(PREVIOUS + name) ?? -1]),
      share: total && value !== null ? value / total : null,
    };
  });
  return { measure, dimension: result.columns[split[0] ?? -1]?.name ?? "", parts, total };
}

/** Returns the result as a table, with a change column after each compared metric. */
export function tableOf(result: QueryResult, naming: Naming): Table {
  const place = new Map(result.columns.map(({ name }, index) => [name, index]));
  const columns = result.columns.map(({ name, type, unit }): Column => {
    if (type === "time") return { name, label: "Time", grain: name.replace("time:", "") as Granularity };
    if (type === "string") return { name, label: naming.dimension(name) };
    if (!name.startsWith(PREVIOUS)) {
      const measure = naming.measure(name, unit);
      return { name, label: measure.label, measure };
    }
    const change = naming.measure(name.slice(PREVIOUS.length), unit);
    return { name, label: "Change", change };
  });
  /** Formats a row; `read` returns the value of a column. */
  const shown = (read: (name: string) => Cell) =>
    columns.map(({ name, change }) => {
      if (!change) return read(name);
      const value = numberOf(read(name.slice(PREVIOUS.length)));
      return changeOf({ value, previous: numberOf(read(name)) });
    });
  const { totals } = result;
  return {
    columns,
    names: columns.map(({ name }) => name),
    lines: result.rows.map((row) => {
      const raw = row.map((cell) => (typeof cell === "boolean" ? String(cell) : cell));
      return { raw, cells: shown((name) => raw[place.get(name) ?? -1] ?? null) };
    }),
    totals: totals ? shown((name) => totals[name] ?? null).map(numberOf) : null,
  };
}

/** Whether there is nothing to draw: no rows, or no values. */
export function isEmpty(result: QueryResult): boolean {
  const numbers = result.columns.flatMap(({ type }, index) => (type === "number" ? [index] : []));
  return result.rows.every((row) => numbers.every((index) => !row[index]));
}
