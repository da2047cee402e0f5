/**
 * Applies changes to packed rows.
 * @module
 */
import { DIMENSIONS, type Dimension, OTHER, type SetMeasure } from "./dimensions";
import { cutOpen } from "./frequent";
import type { RollupCell, RollupCells } from "./increment";
import { type Packed, type PackedSet, precisionOf } from "./packed";
import { Sketch } from "./sketch";

/**
 * The packed row after a change; `before` is not modified. Values whose counts are all zero are removed. Beyond
 * `OPEN_VALUES`, the least frequent values are added to `(other)`.
 */
export function applyCells(dimension: Dimension, before: Packed | null, cells: RollupCells): Packed {
  const row = new OpenRow(dimension, before);
  for (const [value, cell] of cells) row.add(value, cell);
  return cutOpen(dimension, row.packed());
}

/** A row while it is changed. */
class OpenRow {
  readonly #values: Packed["values"];
  readonly #counts: Packed["counts"] = {};
  readonly #sets: Packed["sets"] = {};
  readonly #errors: number[];
  /** The most that a value without a place may have; 0 while all values have one. */
  readonly #absent: number;
  readonly #places: Map<string | null, number>;
  /** Places whose counts are all zero. */
  readonly #empty = new Set<number>();
  readonly #spec;

  constructor(
    readonly dimension: Dimension,
    before: Packed | null,
  ) {
    this.#spec = DIMENSIONS[dimension];
    this.#values = [...(before?.values ?? [])];
    for (const measure of this.#spec.counts) this.#counts[measure] = [...(before?.counts[measure] ?? [])];
    for (const measure of this.#spec.sets) this.#sets[measure] = [...(before?.sets[measure] ?? [])];
    this.#errors = before?.tail ? [...before.tail.errors] : this.#values.map(() => 0);
    this.#absent = before?.tail?.absent ?? 0;
    this.#places = new Map(this.#values.map((value, i) => [value, i]));
  }

  add(value: string | null, cell: RollupCell): void {
    const at = this.#places.get(value) ?? this.#append(value);
    for (const measure of this.#spec.counts) this.#counts[measure]![at]! += cell.counts[measure];
    this.#moveDeficit(at);
    for (const measure of this.#spec.sets) this.#grow(measure, at, cell.sets[measure]);
    this.#note(at);
  }

  #append(value: string | null): number {
    const at = this.#values.length;
    this.#values.push(value);
    this.#places.set(value, at);
    this.#errors.push(value === OTHER ? 0 : this.#absent);
    for (const measure of this.#spec.counts) this.#counts[measure]![at] = 0;
    for (const measure of this.#spec.sets) this.#sets[measure]![at] = "";
    return at;
  }

  /** A session that was counted in `(other)`, before its value got a place, is subtracted there. */
  #moveDeficit(at: number): void {
    const others = this.#places.get(OTHER);
    if (others === undefined || others === at) return;
    for (const measure of this.#spec.counts) {
      const column = this.#counts[measure]!;
      if (column[at]! >= 0) continue;
      column[others]! += column[at]!;
      column[at] = 0;
      this.#note(others);
    }
  }

  #grow(measure: SetMeasure, at: number, members: Sketch | undefined): void {
    if (!members) return;
    const column = this.#sets[measure]!;
    const set: PackedSet = column[at]!;
    if (typeof set === "number")
      throw new Error(`rollup ${this.dimension}: a sealed set cannot take ${members.count()} members`);
    const sketch = set === "" ? members : Sketch.decode(set, precisionOf(this.dimension)).merge(members);
    column[at] = sketch.encode();
  }

  #note(at: number): void {
    const { counts, sets } = this.#spec;
    const isEmpty = counts.every((m) => this.#counts[m]![at] === 0) && sets.every((m) => !this.#sets[m]![at]);
    if (isEmpty) this.#empty.add(at);
    else this.#empty.delete(at);
  }

  packed(): Packed {
    const isFull = this.#empty.size === 0;
    const keep = <T>(column: T[]) => (isFull ? column : column.filter((_, i) => !this.#empty.has(i)));
    const values = keep(this.#values);
    const packed: Packed = { values, counts: {}, sets: {} };
    for (const measure of this.#spec.counts) packed.counts[measure] = keep(this.#counts[measure]!);
    for (const measure of this.#spec.sets) packed.sets[measure] = keep(this.#sets[measure]!);
    if (values.includes(OTHER)) packed.tail = { errors: keep(this.#errors), absent: this.#absent };
    return packed;
  }
}
