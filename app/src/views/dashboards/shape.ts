/**
 * From an answer to what a widget draws. Pure, so that a test can hold an answer against a picture.
 * @module
 */
import type { Granularity, QueryResult } from "../../../../schema/wire/query";
import { changeOf, isOpen, type Measured, numberOf, PREVIOUS } from "../../query-state";
import { valueLabel } from "../explore/cards";
import type { Measure, Naming } from "./naming";

/** One line, or one layer of a stack. */
export interface Series {
  key: string;
  label: string;
  measure: Measure;
  values: (number | null)[];
  /** Null when nothing is compared. */
  previous: (number | null)[] | null;
}

/** Values over time. */
export interface Times {
  grain: Granularity;
  /** Epoch ms at which each bucket starts, ascending. */
  starts: number[];
  /** True while the last bucket is open. */
  open: boolean;
  series: Series[];
}

/** One part of a breakdown. */
export interface Part extends Measured {
  key: string;
  label: string;
  /** The dimension's value; null for none. */
  raw: string | null;
  /** Of the whole, 0 to 1; null when there is no whole to speak of. */
  share: number | null;
}

export interface Column {
  name: string;
  label: string;
  /** Set for numbers. */
  measure?: Measure;
  /** Set where the cells are ratios: how the metric to the left changed. */
  change?: Measure;
  grain?: Granularity;
}
type Cell = string | number | null;
export interface Line {
  cells: Cell[];
  /** As the answer has them: compared values instead of changes. */
  raw: Cell[];
}
/** Rows and columns, the way the answer came. */
export interface Table {
  columns: Column[];
  /** The answer's own names of the columns. */
  names: string[];
  lines: Line[];
  /** Beside the columns; null where a column has no total. */
  totals: (number | null)[] | null;
}

const asText = (cell: unknown): string | null => (cell === null || cell === undefined ? null : String(cell));

/** Where things stand in an answer's rows. */
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

/** What one row is about: its values of the dimensions, in words. */
function wordsOf(
  result: QueryResult,
  split: number[],
  row: QueryResult["rows"][number],
  locale: string,
): string {
  return split
    .map((index) => valueLabel(result.columns[index]?.name ?? "", asText(row[index]), locale))
    .join(" · ");
}

/** The metric of an answer with its value and the compared one, over everything. */
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

/** Values over time: a series a metric, or a series a value of the dimensions. Null without a time column. */
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

/** Largest first, when they can be compared at all. */
function bySize(series: Series[]): Series[] {
  const sum = ({ values }: Series) => values.reduce<number>((all, value) => all + (value ?? 0), 0);
  const isAlike = new Set(series.map(({ measure }) => measure.name)).size < series.length;
  return isAlike ? series.sort((a, b) => sum(b) - sum(a)) : series;
}

/** Sums add up to the whole only for counts and money. */
const addsUp = ({ unit }: Measure) => unit === "count" || unit.startsWith("currency:");

/** The parts of a breakdown by its first metric, as ranked; `measure` is that metric. */
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

/** Everything as a table; beside each compared metric stands its change. */
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
  /** What a row shows; `read` finds the answer's own value of a column. */
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

/** True when there is nothing to draw: no rows, or none with a value. */
export function isEmpty(result: QueryResult): boolean {
  const numbers = result.columns.flatMap(({ type }, index) => (type === "number" ? [index] : []));
  return result.rows.every((row) => numbers.every((index) => !row[index]));
}
