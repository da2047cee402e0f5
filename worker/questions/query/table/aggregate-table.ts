/**
 * A table of groups with an accumulator for each measure. Rollups and lake fill the same table, and tables over
 * different ranges of time can be merged.
 * @module
 */

import { OTHER, type Precision } from "../../../pipeline/rollup";
import { type Aggregate, DATASETS, emptyValue, measureNamed } from "../../metrics";
import type { Value } from "../parse/filter";
import { MAX_GROUPS } from "../plan/limits";
import type { Subquery } from "../plan/subquery";
import { Bounds } from "./bounds";
import { Distinct, MemoryBudget } from "./distinct";
import { Extreme } from "./extreme";
import { Quantile } from "./quantile";

/** A count or a sum (NaN while it has no number), or the state of an aggregate that does not add up as a number. */
export type Cell = number | Distinct | Extreme | Quantile;

export interface Group {
  /** Index of the time bucket; 0 without a grain. */
  bucket: number;
  /** A value for each dimension of the subquery. */
  values: readonly Value[];
  /** A cell for each measure of the subquery. */
  cells: Cell[];
}

/** A combination of values with its groups by bucket. */
export interface Series {
  values: readonly Value[];
  groups: Map<number, Group>;
}

/** Key of a combination of values: one value is its own key, several are joined with their lengths. */
export type SeriesKey = Value;

export function seriesKey(values: readonly Value[]): SeriesKey {
  if (values.length === 1) return values[0] ?? null;
  let key = "";
  for (const value of values) key += value === null ? "-" : `${value.length}:${value}`;
  return key;
}

export class AggregateTable {
  readonly series = new Map<SeriesKey, Series>();
  readonly bounds = new Bounds();
  readonly #aggregates: Aggregate[];
  readonly #empty: (0 | null)[];
  /** Key of the line that has the rows of lines that are too many; undefined while there are none. */
  otherKey: SeriesKey | undefined;
  #groups = 0;
  readonly #groupBytes: number;

  /** `precision`: of the sketches that distinct counts may have to merge with. */
  constructor(
    readonly subquery: Subquery,
    readonly precision: Precision,
    readonly memory: MemoryBudget = new MemoryBudget(),
  ) {
    const dataset = DATASETS[subquery.dataset]!;
    const measures = subquery.measures.map((name) => measureNamed(dataset, name));
    this.#aggregates = measures.map(({ aggregate }) => aggregate);
    this.#empty = measures.map(emptyValue);
    this.#groupBytes = this.#aggregates.reduce((sum, aggregate) => sum + cellBytes(aggregate), GROUP_BYTES);
  }

  /** Returns the group of a bucket and values; creates a new one, or returns that of `(other)` when there are too many. */
  group(bucket: number, values: readonly Value[]): Group {
    const key = seriesKey(values);
    const known = this.series.get(key)?.groups.get(bucket);
    if (known) return known;
    if (!values.length || this.#takeGroup(values)) return this.#create(bucket, key, values);
    const others = values.map(() => OTHER);
    const otherKey = seriesKey(others);
    this.otherKey = otherKey;
    return this.series.get(otherKey)?.groups.get(bucket) ?? this.#create(bucket, otherKey, others);
  }

  #create(bucket: number, key: SeriesKey, values: readonly Value[]): Group {
    const series = this.series.get(key) ?? { values, groups: new Map<number, Group>() };
    this.series.set(key, series);
    const cells = this.#aggregates.map((aggregate) => this.#cellOf(aggregate));
    const group = { bucket, values, cells };
    series.groups.set(bucket, group);
    return group;
  }

  /** Whether one more group fits. */
  #takeGroup(values: readonly Value[]): boolean {
    if (this.#groups >= MAX_GROUPS) return false;
    const texts = values.reduce((sum, value) => sum + 2 * (value?.length ?? 0), 0);
    if (!this.memory.takeGroup(this.#groupBytes + texts)) return false;
    this.#groups++;
    return true;
  }

  #cellOf(aggregate: Aggregate): Cell {
    if (aggregate.kind === "distinct") return new Distinct(this.memory, this.precision);
    if (aggregate.kind === "sum") return aggregate.unknown ? Number.NaN : 0;
    if (aggregate.kind !== "field") return 0;
    switch (aggregate.take) {
      case "unique":
        return new Distinct(this.memory, this.precision);
      case "min":
      case "max":
        return new Extreme(aggregate.take);
      case "median":
        return new Quantile(this.memory, 0.5);
      case "p95":
        return new Quantile(this.memory, 0.95);
      default:
        return 0;
    }
  }

  /** The number of a measure in a group; without a group, its value over nothing. */
  valueOf(place: number, group: Group | undefined): number | null {
    return group ? numberOf(group.cells[place]!) : this.#empty[place]!;
  }

  /** The number of a measure over several groups; distinct counts are added up. */
  wholeOf(place: number, groups: Iterable<Group>): number | null {
    const [first, ...others] = groups;
    if (!others.length) return this.valueOf(place, first);
    return wholeOf([first!, ...others].map(({ cells }) => cells[place]!));
  }

  /** All groups. */
  *groups(): Generator<Group> {
    for (const { groups } of this.series.values()) yield* groups.values();
  }

  /**
   * Adds a table with the same edges and some of this one's measures, over other ranges of time. One with bounds has all
   * of the measures.
   */
  merge(other: AggregateTable): void {
    this.bounds.merge(other.bounds);
    this.otherKey ??= other.otherKey;
    const places = other.subquery.measures.map((name) => this.subquery.measures.indexOf(name));
    for (const group of other.groups()) {
      const mine = this.group(group.bucket, group.values);
      for (const [i, cell] of group.cells.entries()) addTo(mine, places[i]!, cell);
    }
  }

  /** Subtracts the counts of all lines of a table from the line of a value. Distinct counts cannot be subtracted. */
  subtractFrom(value: Value, other: AggregateTable): void {
    for (const { bucket, cells } of other.groups()) {
      const { cells: mine } = this.group(bucket, [value]);
      for (const [i, cell] of cells.entries())
        if (typeof cell === "number") mine[i] = (mine[i] as number) - cell;
    }
  }

  /** Whether some lines were too many and are in `(other)`. */
  get isFolded(): boolean {
    return this.otherKey !== undefined;
  }

  /** Approximate maximum size in bytes: each distinct count as a full sketch. */
  get weight(): number {
    const isSet = (aggregate: Aggregate) => aggregate.kind === "distinct" || aggregate.kind === "field";
    const ofGroup = this.#aggregates.reduce((sum, one) => sum + (isSet(one) ? 2 ** this.precision : 8), 64);
    let groups = 0;
    for (const series of this.series.values()) groups += series.groups.size;
    return groups * ofGroup;
  }

  /** Whether some value is an estimate. */
  get approximate(): boolean {
    if (this.isFolded) return true;
    for (const { cells } of this.groups()) {
      for (const cell of cells) if (typeof cell !== "number" && cell.approximate) return true;
    }
    return false;
  }
}

/** Bytes of a group besides its cells and the texts of its values, approximately. */
const GROUP_BYTES = 200;

/** Bytes of a cell with its first member or values. */
function cellBytes(aggregate: Aggregate): number {
  if (aggregate.kind === "distinct") return 500;
  if (aggregate.kind !== "field") return 8;
  const { take } = aggregate;
  if (take === "unique") return 500;
  return take === "median" || take === "p95" ? 430 : 32;
}

/** Adds two sums; NaN is a sum without a number. */
export const added = (a: number, b: number) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : a + b);

function addTo(group: Group, place: number, cell: Cell): void {
  const mine = group.cells[place];
  if (typeof mine === "number" && typeof cell === "number") group.cells[place] = added(mine, cell);
  else if (mine instanceof Distinct && cell instanceof Distinct) mine.merge(cell);
  else if (mine instanceof Extreme && cell instanceof Extreme) mine.merge(cell);
  else if (mine instanceof Quantile && cell instanceof Quantile) mine.merge(cell);
}

/** The number of a cell, or null. */
export function numberOf(cell: Cell): number | null {
  if (typeof cell === "number") return Number.isNaN(cell) ? null : cell;
  return cell instanceof Distinct ? cell.count() : cell.value();
}

function wholeOf(cells: readonly Cell[]): number | null {
  const [first] = cells;
  let whole: Extreme | Quantile | null = null;
  if (first instanceof Extreme) whole = new Extreme(first.take);
  if (first instanceof Quantile) whole = new Quantile(first.memory, first.q);
  let total = Number.NaN;
  for (const cell of cells) {
    if (whole instanceof Extreme && cell instanceof Extreme) whole.merge(cell);
    else if (whole instanceof Quantile && cell instanceof Quantile) whole.merge(cell);
    else total = added(total, numberOf(cell) ?? Number.NaN);
  }
  return whole ? whole.value() : numberOf(total);
}
