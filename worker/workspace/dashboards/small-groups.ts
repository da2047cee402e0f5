/**
 * Removes small groups of people from public results.
 *
 * A row of a breakdown (in a time bucket, if there are any) with fewer than `MIN_GROUP` visitors is folded into `(other)`.
 * When `(other)` itself is that small, the next smallest row is folded too, so that subtracting rows from a total never
 * reveals a small group. When no row is large enough, no rows are returned. Totals are returned only when the rows and
 * `(other)` cover all of the data.
 * @module
 */
import { MIN_GROUP } from "../../../schema/wire/link";
import type { QueryResult, ResultRow } from "../../../schema/wire/query";
import { OTHER } from "../../pipeline/rollup";

type Cell = ResultRow[number];

/** A result to fold. */
export interface Folding {
  result: QueryResult;
  /** The visitors of the same rows, in one column `visitors`. */
  people: QueryResult;
  /** Number of series of the widget, without `(other)`. */
  limit: number;
  /** Whether the values of a column add up over rows that share people. */
  isAdditive: (column: string) => boolean;
  /** Whether every row of the dataset is in a row of the breakdown. */
  isComplete: boolean;
}

/** The parsed parts of a row. */
interface Part {
  /** Bucket, null without time. */
  time: Cell;
  /** Its dimension values joined to one text. */
  series: string;
  values: Cell[];
  numbers: Cell[];
  people: number;
}

/** Returns the result with small groups folded. */
export function foldSmall(folding: Folding): QueryResult {
  const { result, limit, isComplete } = folding;
  const parts = partsOf(folding);
  const folded = [...Map.groupBy(parts, ({ time }) => time).values()].map((bucket) =>
    foldBucket(bucket, folding),
  );
  const large = new Set(folded.flatMap(({ shown }) => shown.map(({ series }) => series)));
  const shownSeries = new Set(
    [...new Set(parts.map(({ series }) => series))].filter((s) => large.has(s)).slice(0, limit),
  );
  const hasOther = folded.some(({ other }) => other !== null);
  const rows = folded.flatMap((bucket) => rowsOfBucket(bucket, { shownSeries, hasOther }, folding));
  const dropped = folded.some((bucket) => bucket.dropped);
  return { ...result, rows, bounds: undefined, totals: dropped || !isComplete ? undefined : result.totals };
}

function partsOf({ result, people }: Pick<Folding, "result" | "people">): Part[] {
  const counts = new Map(
    people.rows.map((row) => [groupKeyOf(people, row), Number(row[numberColumn(people)] ?? 0)]),
  );
  return result.rows.map((row) => {
    const values = pick(result, row, "string");
    return {
      time: pick(result, row, "time")[0] ?? null,
      series: JSON.stringify(values),
      values,
      numbers: pick(result, row, "number"),
      people: counts.get(groupKeyOf(result, row)) ?? 0,
    };
  });
}

const numberColumn = ({ columns }: QueryResult) => columns.findIndex(({ type }) => type === "number");

function pick(
  { columns }: QueryResult,
  row: ResultRow,
  type: QueryResult["columns"][number]["type"],
): Cell[] {
  return row.filter((_, i) => columns[i]?.type === type);
}

const groupKeyOf = (result: QueryResult, row: ResultRow) =>
  JSON.stringify([pick(result, row, "time"), pick(result, row, "string")]);

interface Bucket {
  shown: Part[];
  other: Part | null;
  /** Whether some people are in no row. */
  dropped: boolean;
  all: Part[];
}

function foldBucket(all: Part[], { result, isAdditive }: Folding): Bucket {
  const bySize = all.toSorted((a, b) => b.people - a.people);
  const shown = bySize.filter(({ people, values }) => people >= MIN_GROUP && !values.includes(OTHER));
  const small = bySize.filter(
    (part) => !shown.includes(part) && part.numbers.some((n) => n !== 0 && n !== null),
  );
  const peopleIn = (parts: readonly Part[]) => parts.reduce((sum, { people }) => sum + people, 0);
  while (small.length && peopleIn(small) < MIN_GROUP && shown.length) small.push(shown.pop()!);
  const dropped = small.length > 0 && peopleIn(small) < MIN_GROUP;
  if (!small.length || dropped) return { shown, other: null, dropped, all };
  const names = result.columns.flatMap(({ name, type }) => (type === "number" ? [name] : []));
  const [only] = small;
  const numbers = names.map((name, i) => {
    if (small.length === 1) return only!.numbers[i] ?? null;
    return isAdditive(name) ? small.reduce((sum, part) => sum + Number(part.numbers[i] ?? 0), 0) : null;
  });
  const values = only!.values.map(() => OTHER);
  const other = { time: only!.time, series: OTHER, values, numbers, people: peopleIn(small) };
  return { shown, other, dropped, all };
}

/**
 * The rows of a bucket in their order, `(other)` last. With time, every series has a row in every bucket: a group that is too
 * small has no numbers there, like an empty one.
 */
function rowsOfBucket(
  { shown, other, all }: Bucket,
  { shownSeries, hasOther }: { shownSeries: ReadonlySet<string>; hasOther: boolean },
  { result }: Folding,
): ResultRow[] {
  const rows = all.flatMap((part) => {
    if (!shownSeries.has(part.series)) return [];
    return shown.includes(part)
      ? [part]
      : part.time === null
        ? []
        : [{ ...part, numbers: part.numbers.map(() => null) }];
  });
  const [any] = all;
  if (other) rows.push(other);
  else if (hasOther && any) {
    rows.push({ ...any, values: any.values.map(() => OTHER), numbers: any.numbers.map(() => null) });
  }
  return rows.map((part) => rowOf(result, part));
}

function rowOf({ columns }: QueryResult, { time, values, numbers }: Part): ResultRow {
  const [strings, counted] = [values[Symbol.iterator](), numbers[Symbol.iterator]()];
  return columns.map(({ type }) =>
    type === "time" ? time : ((type === "string" ? strings : counted).next().value ?? null),
  );
}

/** Combines several counts of people to the smallest of each row, because one result may be based on several groups. */
export function fewest([first, ...others]: readonly [QueryResult, ...QueryResult[]]): QueryResult {
  if (!others.length) return first;
  const all = [first, ...others];
  const counted = new Map<string, { row: ResultRow; people: number }>();
  for (const result of all) {
    for (const row of result.rows) {
      const [key, people] = [groupKeyOf(result, row), Number(row[numberColumn(result)] ?? 0)];
      const known = counted.get(key)?.people ?? 0;
      counted.set(key, { row, people: fewer(known, people) });
    }
  }
  const place = numberColumn(first);
  const rows = [...counted.values()].map(({ row, people }) => row.with(place, people));
  const visitors = all.map(({ totals }) => totals?.visitors ?? 0).reduce(fewer, 0);
  return { ...first, rows, totals: { visitors } };
}

/** The smaller of two numbers that are not 0. */
const fewer = (one: number, other: number) => (one && other ? Math.min(one, other) : one || other);

/**
 * A time series of a filtered group: buckets with few people have no number. The total is removed as well, because it would
 * reveal them by subtraction.
 */
export function hideSmall({
  result,
  people,
  shows,
}: Pick<Folding, "result" | "people"> & { shows: "rows" | "totals" }): QueryResult {
  const parts = partsOf({ result, people });
  const isSmall = (part: Part) => part.people < MIN_GROUP && part.people > 0;
  if (!parts.some(isSmall)) return result;
  if (shows === "totals") return { ...result, rows: [] };
  const rows = parts.map((part) =>
    rowOf(result, isSmall(part) ? { ...part, numbers: part.numbers.map(() => null) } : part),
  );
  return { ...result, rows, totals: undefined };
}
