/**
 * An answer in the making: groups with an accumulator for each measure. Rollups and lake fill the same table, and
 * tables over different stretches of time add up.
 * @module
 */
import { DATASETS } from "../metrics";
import type { Precision } from "../rollup";
import type { Ask } from "./ask";
import { Distinct, Room } from "./distinct";
import type { Value } from "./filter";

/** A count, or the makings of a distinct count. */
export type Cell = number | Distinct;

export interface Group {
  /** Index of the time bucket; 0 without a grain. */
  bucket: number;
  /** A value for each dimension of the ask. */
  values: readonly Value[];
  /** A cell for each measure of the ask. */
  cells: Cell[];
}

/** A combination of values with its groups by bucket. */
export interface Series {
  values: readonly Value[];
  groups: Map<number, Group>;
}

/** Names a combination of values: one value stands for itself, several are told apart by their lengths. */
export type SeriesKey = Value;

export function seriesKey(values: readonly Value[]): SeriesKey {
  if (values.length === 1) return values[0] ?? null;
  let key = "";
  for (const value of values) key += value === null ? "-" : `${value.length}:${value}`;
  return key;
}

export class Table {
  readonly series = new Map<SeriesKey, Series>();
  readonly #distinct: boolean[];

  /** `precision`: of the sketches that distinct counts may have to merge with. */
  constructor(
    readonly ask: Ask,
    readonly precision: Precision,
    readonly room: Room = new Room(),
  ) {
    const { measures } = DATASETS[ask.dataset]!;
    this.#distinct = ask.measures.map((name) => measures[name]!.aggregate.kind === "distinct");
  }

  /** The group of a bucket and values, made when it is new. */
  group(bucket: number, values: readonly Value[]): Group {
    const key = seriesKey(values);
    let series = this.series.get(key);
    if (!series) {
      series = { values, groups: new Map() };
      this.series.set(key, series);
    }
    let group = series.groups.get(bucket);
    if (!group) {
      const cells = this.#distinct.map((distinct) =>
        distinct ? new Distinct(this.room, this.precision) : 0,
      );
      group = { bucket, values, cells };
      series.groups.set(bucket, group);
    }
    return group;
  }

  /** All groups. */
  *groups(): Generator<Group> {
    for (const { groups } of this.series.values()) yield* groups.values();
  }

  /** Adds a table with the same edges that knows some of this one's measures, over other stretches of time. */
  merge(other: Table): void {
    const places = other.ask.measures.map((name) => this.ask.measures.indexOf(name));
    for (const group of other.groups()) {
      const mine = this.group(group.bucket, group.values);
      for (const [i, cell] of group.cells.entries()) addTo(mine, places[i]!, cell);
    }
  }

  /** Bytes that the table may take, about: each distinct count as a full sketch. */
  get weight(): number {
    const ofGroup = this.#distinct.reduce((sum, distinct) => sum + (distinct ? 2 ** this.precision : 8), 64);
    let groups = 0;
    for (const series of this.series.values()) groups += series.groups.size;
    return groups * ofGroup;
  }

  /** True when a distinct count rests on an estimate. */
  get approximate(): boolean {
    for (const { cells } of this.groups()) {
      for (const cell of cells) if (typeof cell !== "number" && cell.approximate) return true;
    }
    return false;
  }
}

function addTo(group: Group, place: number, cell: Cell): void {
  const mine = group.cells[place];
  if (typeof mine === "number" && typeof cell === "number") group.cells[place] = mine + cell;
  else if (mine instanceof Distinct && cell instanceof Distinct) mine.merge(cell);
}

/** The number that a cell stands for. */
export function numberOf(cell: Cell): number {
  return typeof cell === "number" ? cell : cell.count();
}
