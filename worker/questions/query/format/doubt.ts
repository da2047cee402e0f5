/**
 * Which lines of a breakdown, or their order, are not certain: rollups add rare values to `(other)`.
 * @module
 */
import { measuresOf } from "../../metrics";
import type { ParsedQuery } from "../parse";
import type { Value } from "../parse/filter";
import type { Sections } from "../plan";
import type { AggregateTable } from "../table/aggregate-table";
import { type Line, PartJoin } from "./join";
import { orderOf, rankLines } from "./rank";

/** Lines besides those shown whose exact numbers are read, and lines at all. */
const MORE_LINES = 50;
const MOST_LINES = 1000;

/**
 * The values of lines whose exact numbers are needed to know which lines are shown, with which numbers; the most likely
 * ones when there are too many.
 */
export function linesInDoubt(query: ParsedQuery, parts: readonly Sections<AggregateTable>[]): Value[] {
  const join = new PartJoin(
    query,
    parts.map(({ rows }) => rows),
  );
  if (!join.isBounded) return [];
  const sections = [
    join,
    new PartJoin(
      query,
      parts.flatMap(({ comparedRows }) => comparedRows ?? []),
    ),
  ];
  const ranked = rankLines(query, join);
  const least = leastShown(query, join, ranked);
  const mayBeShown = ranked.filter((line, i) => i < query.limit || mostOf(query, join, line) >= least);
  const inexact = mayBeShown
    .slice(0, Math.min(query.limit + MORE_LINES, MOST_LINES))
    .filter(({ key }) => sections.some((section) => !section.isExact(key)));
  return inexact.map(({ values }) => values[0] ?? null);
}

/** Whether a line that is not shown may belong among those that are. */
export function isOrderInDoubt(query: ParsedQuery, join: PartJoin): boolean {
  if (!join.isBounded) return false;
  const ranked = rankLines(query, join);
  const least = leastShown(query, join, ranked);
  if (ranked.slice(query.limit).some((line) => mostOf(query, join, line) >= least)) return true;
  return mostOf(query, join, null) >= least;
}

/** What the last line shown has at least of the metric that lines are ordered by. */
function leastShown(query: ParsedQuery, join: PartJoin, ranked: readonly Line[]): number {
  const last = ranked[Math.min(query.limit, ranked.length) - 1];
  const column = leadingColumn(query);
  return (last && column && join.wholeOf(column, last.key)) ?? Number.NEGATIVE_INFINITY;
}

/**
 * What a line, or a value without one, has at most of that metric. Infinite if the order has no upper bound: ascending,
 * by name or by a ratio.
 */
function mostOf(query: ParsedQuery, join: PartJoin, line: Line | null): number {
  const column = leadingColumn(query);
  if (column?.resolved.kind !== "base" || measuresOf(column.resolved.metric).length > 1)
    return Number.POSITIVE_INFINITY;
  const missing = join.missing(column.resolved, line?.key);
  const known = line ? (join.wholeOf(column, line.key) ?? 0) : 0;
  return missing === null ? Number.POSITIVE_INFINITY : known + missing;
}

/** The metric by which lines are ordered from most to least. */
function leadingColumn({ columns, orderBy }: ParsedQuery) {
  const [first] = orderOf(orderBy, columns[0]!.name);
  return first?.direction === "desc" ? columns.find(({ name }) => name === first.name) : undefined;
}
