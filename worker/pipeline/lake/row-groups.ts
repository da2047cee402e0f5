/**
 * Where row groups end. A reader decodes columns of one row group at a time, so its bytes bound memory.
 * @module
 */
import { type Cell, type ColumnSpec, DATASETS, type Dataset } from "./columns.ts";

/** Most rows of a row group: enough for range reads to pay off. */
export const GROUP_ROWS = 65_536;
/** Most bytes of a text column in a row group; one value can exceed it. */
const TEXT_BYTES = 16 * 1024 * 1024;
/** Most bytes of a dictionary. A merge has one of each input in memory. */
const DICTIONARY_BYTES = 4 * 1024 * 1024;

/** Most bytes of a column in a row group; undefined for columns whose values have a fixed size. */
export function mostBytes({ type }: ColumnSpec): number | undefined {
  if (type === "text" || type === "json") return TEXT_BYTES;
  return type === "dictionary" ? DICTIONARY_BYTES : undefined;
}

/** A column that limits row groups: how many bytes the rows of the current one have. */
export class ColumnLimit {
  #filled = 0;
  readonly #seen = new Set<unknown>();

  /** `keyOf`: of dictionaries, which contain a value once. */
  constructor(
    readonly most: number,
    readonly lengthOf: (row: number) => number,
    readonly keyOf?: (row: number) => unknown,
  ) {}

  fits(row: number): boolean {
    return this.#filled + this.#sizeOf(row) <= this.most;
  }

  add(row: number): void {
    this.#filled += this.#sizeOf(row);
    if (this.keyOf) this.#seen.add(this.keyOf(row));
  }

  /** A row group starts. */
  reset(): void {
    this.#filled = 0;
    this.#seen.clear();
  }

  #sizeOf(row: number): number {
    return this.keyOf && this.#seen.has(this.keyOf(row)) ? 0 : this.lengthOf(row);
  }
}

/** Cuts `rows` rows into row groups `[start, end)`. */
export function cutGroups(rows: number, limits: readonly ColumnLimit[]): { start: number; end: number }[] {
  const groups: { start: number; end: number }[] = [];
  let start = 0;
  for (let row = 0; row < rows; row++) {
    const isFull = row - start === GROUP_ROWS || !limits.every((limit) => limit.fits(row));
    if (isFull && row > start) {
      groups.push({ start, end: row });
      start = row;
      for (const limit of limits) limit.reset();
    }
    for (const limit of limits) limit.add(row);
  }
  if (rows > start) groups.push({ start, end: rows });
  return groups;
}

/** The columns of rows that can fill a row group before it has `GROUP_ROWS`. */
export function limitsOfRows(
  dataset: Dataset,
  rows: readonly Readonly<Record<string, Cell>>[],
): ColumnLimit[] {
  return Object.entries(DATASETS[dataset].columns).flatMap(([name, spec]) => {
    const most = mostBytes(spec);
    if (most === undefined) return [];
    const lengthOf = (row: number) => {
      const value = rows[row]![name];
      return typeof value === "string" ? value.length : 0;
    };
    let total = 0;
    for (let row = 0; row < rows.length; row++) total += lengthOf(row);
    if (total <= most) return [];
    const keyOf = spec.type === "dictionary" ? (row: number) => rows[row]![name] : undefined;
    return [new ColumnLimit(most, lengthOf, keyOf)];
  });
}
