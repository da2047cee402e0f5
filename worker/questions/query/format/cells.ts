/**
 * The size of results, in cells: lines × time buckets × columns.
 * @module
 */
import type { ParsedQuery } from "../parse/parsed-query";
import { type Refusal, refuse } from "../parse/refusal";
import { MAX_BATCH_CELLS, MAX_CELLS } from "../plan/limits";

/** Counts the cells of the results of a request. */
export class CellCounter {
  #used = 0;

  /** Counts a result, unless it or all results together would be too large. */
  refuse(query: ParsedQuery, lines: number, buckets: number): Refusal | null {
    const cells = lines * buckets * columnsIn(query);
    const refusal = this.#refusalOf(query, cells);
    if (!refusal) this.#used += cells;
    return refusal;
  }

  #refusalOf(query: ParsedQuery, cells: number): Refusal | null {
    if (cells > MAX_CELLS) return tooMany(query, cells, MAX_CELLS, "The result");
    const all = this.#used + cells;
    return all > MAX_BATCH_CELLS ? tooMany(query, all, MAX_BATCH_CELLS, "All results together") : null;
  }
}

const columnsIn = ({ grain, dimensions, columns, compared }: ParsedQuery) =>
  (grain ? 1 : 0) + dimensions.length + columns.length * (compared ? 2 : 1);

function tooMany({ grain, dimensions }: ParsedQuery, cells: number, most: number, what: string): Refusal {
  const ways = [
    ...(dimensions.length ? ["a lower `limit`"] : []),
    ...(grain ? ["a wider granularity or a shorter range"] : []),
    "fewer metrics",
  ];
  const field = dimensions.length ? "limit" : grain ? "granularity" : "metrics";
  const count = (n: number) => n.toLocaleString("en-US");
  return refuse(
    "too_many_cells",
    field,
    `${what} would have ${count(cells)} cells; at most ${count(most)} are allowed. Use ${ways.join(", or ")}`,
  );
}
