/**
 * Orders the lines of a breakdown.
 * @module
 */
import type { ParsedQuery } from "../parse";
import type { Value } from "../parse/filter";
import type { Line, PartJoin } from "./join";

type Key = string | number | null;

interface Order {
  name: string;
  direction: "asc" | "desc";
}

/** What lines are ordered by: not time, which orders rows. Default: the first metric, descending. */
export function orderOf(orderBy: readonly Order[], first: string): readonly Order[] {
  const requested = orderBy.filter(({ name }) => !name.startsWith("time:"));
  return requested.length ? requested : [{ name: first, direction: "desc" }];
}

/** Returns the lines in order. Ties are ordered by the lines' values. */
export function rankBy<T extends { values: readonly Value[] }>(
  lines: readonly T[],
  order: readonly Order[],
  sortKeyOf: (line: T, name: string) => Key,
): T[] {
  const signs = order.map(({ direction }) => (direction === "asc" ? 1 : -1));
  const keyed = lines.map((line) => ({ line, keys: order.map(({ name }) => sortKeyOf(line, name)) }));
  keyed.sort((a, b) => {
    for (let i = 0; i < signs.length; i++) {
      const difference = compareKeys(a.keys[i]!, b.keys[i]!, signs[i]!);
      if (difference) return difference;
    }
    for (const [i, value] of a.line.values.entries()) {
      const difference = compareKeys(value, b.line.values[i] ?? null, 1);
      if (difference) return difference;
    }
    return 0;
  });
  return keyed.map(({ line }) => line);
}

/** All lines of a breakdown in order, without `(other)`. */
export function rankLines({ dimensions, columns, orderBy }: ParsedQuery, join: PartJoin): Line[] {
  const isListed = ({ key, values }: Line) =>
    !join.isOther(key) && dimensions.every(({ nulls }, i) => nulls === "keep" || values[i] !== null);
  const sortKeyOf = ({ key, values }: Line, name: string) => {
    const dimension = dimensions.findIndex((one) => one.name === name);
    if (dimension >= 0) return values[dimension] ?? null;
    const column = columns.find((one) => one.name === name);
    return column ? join.wholeOf(column, key) : null;
  };
  return rankBy(join.lines().filter(isListed), orderOf(orderBy, columns[0]!.name), sortKeyOf);
}

/** Null is last in both directions. */
function compareKeys(a: Key, b: Key, sign: number): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -sign : sign;
}
