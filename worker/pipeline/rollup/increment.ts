/**
 * Changes of the rollups of one project by a set of events: cells by hour, dimension and value, added up in memory.
 * `apply.ts` applies them to the packed rows.
 * @module
 */
import { VISIT_COLUMNS } from "../../../schema/wire/columns";
import { PAGE_VIEW } from "../../../schema/wire/event";
import type { EventRow } from "../../../schema/wire/row";
import { bucketStart } from "../../lib/time";
import {
  COUNTS,
  type CountMeasure,
  DIMENSION_NAMES,
  DIMENSIONS,
  type Dimension,
  EVENT_VALUES,
  SETS,
  type SetMeasure,
  TOTAL,
} from "./dimensions";
import { precisionOf } from "./packed";
import type { RollupGrain } from "./row";
import { isBounce, type Session } from "./session";
import { hashOf, Sketch } from "./sketch";

/** The change of one value of one dimension in one bucket. */
export interface RollupCell {
  counts: Record<CountMeasure, number>;
  sets: Partial<Record<SetMeasure, Sketch>>;
}

/** value → its change; a Map because a key can be null. */
export type RollupCells = Map<string | null, RollupCell>;

export interface RollupChange {
  grain: RollupGrain;
  dimension: Dimension;
  bucket: number;
  cells: RollupCells;
}

/** Approximate bytes of a cell without its sets, with its place in a map. */
const CELL_BYTES = 200;

/** Adds events and sessions up. Not reusable: one for each fold of a project. */
export class Increment {
  #hours = new Map<number, Map<Dimension, RollupCells>>();
  /** Sums of the hours that were taken. */
  #days = new Map<number, Map<Dimension, RollupCells>>();
  readonly #counted: Set<Dimension>;

  /** Counts only `dimensions`. */
  constructor(
    readonly zone: string,
    dimensions: Iterable<Dimension> = DIMENSION_NAMES,
  ) {
    this.#counted = new Set(dimensions);
  }

  /** The dimensions that are counted. */
  get dimensions(): ReadonlySet<Dimension> {
    return this.#counted;
  }

  /** Stops counting a dimension and forgets what was counted. */
  drop(dimension: Dimension): void {
    this.#counted.delete(dimension);
    for (const dimensions of [...this.#hours.values(), ...this.#days.values()]) dimensions.delete(dimension);
  }

  /** Approximate bytes in memory of each dimension, the largest first. */
  sizes(): [Dimension, number][] {
    const sizes = new Map<Dimension, number>();
    for (const dimensions of [...this.#hours.values(), ...this.#days.values()]) {
      for (const [dimension, cells] of dimensions) {
        let bytes = sizes.get(dimension) ?? 0;
        for (const { sets } of cells.values()) {
          bytes += CELL_BYTES;
          for (const set of Object.values(sets)) bytes += set.bytes;
        }
        sizes.set(dimension, bytes);
      }
    }
    return [...sizes].sort(([, a], [, b]) => b - a);
  }

  /**
   * Counts an event in its bucket. `session` is its session; `isUser`: an identify event has named the visitor by then.
   */
  addEvent(event: EventRow, session: Session, isUser: boolean): void {
    const hour = this.#hour(event.timestamp);
    const visitor = hashOf(event.visitor_id);
    const audience = event.distinct_id === null ? "anonymous" : "identified";
    const isPageview = event.event_name === PAGE_VIEW;
    const touch = (dimension: Dimension, value: string | null): RollupCell | null => {
      if (!this.#counted.has(dimension)) return null;
      const cell = cellOf(hour, dimension, value);
      cell.counts.events++;
      if (isPageview) cell.counts.pageviews++;
      setOf(cell, dimension, audience).add(visitor);
      return cell;
    };
    const total = touch(TOTAL, null);
    if (total && isUser) setOf(total, TOTAL, "users").add(visitor);
    for (const [dimension, field] of EVENT_VALUES) {
      const value = event[field];
      if (value === null) continue;
      const cell = touch(dimension, value);
      if (!cell || dimension !== "event:name") continue;
      if (isUser) setOf(cell, dimension, "users").add(visitor);
      setOf(cell, dimension, "event_sessions").add(hashOf(`${session.key}@${session.started_at}`));
    }
  }

  /** Counts (`1`) or subtracts (`-1`) a session in the bucket in which it starts. Sets only grow. */
  addSession(session: Session, sign: 1 | -1): void {
    const hour = this.#hour(session.started_at);
    const visitor = hashOf(session.visitor_id);
    const audience = session.distinct_id === null ? "anonymous" : "identified";
    const bounces = isBounce(session) ? 1 : 0;
    const duration = session.ended_at - session.started_at;
    const add = (dimension: Dimension, value: string | null): void => {
      const spec = DIMENSIONS[dimension];
      if (!this.#counted.has(dimension)) return;
      if (value === null && spec.nulls === "omit") return;
      const cell = cellOf(hour, dimension, value);
      cell.counts.sessions += sign;
      cell.counts.bounces += sign * bounces;
      cell.counts.duration_ms += sign * duration;
      if (dimension === TOTAL) return;
      cell.counts.events += sign * session.events;
      cell.counts.pageviews += sign * session.pageviews;
      if (sign > 0 && spec.sets.length) setOf(cell, dimension, audience).add(visitor);
    };
    add(TOTAL, null);
    add("visit:entry", session.entry_path);
    add("visit:exit", session.exit_path);
    for (const field of VISIT_COLUMNS) add(`visit:${field}`, session.fields[field]);
  }

  /** The changes by bucket: every hour, and the days that they add up to. */
  *changes(): Iterable<RollupChange> {
    yield* this.takeHours(Number.POSITIVE_INFINITY);
    yield* this.takeDays();
  }

  /** Removes the hours that start before `time`; they stay in the sums of their days. */
  *takeHours(time: number): Iterable<RollupChange> {
    for (const [bucket, dimensions] of this.#hours) {
      if (bucket >= time) continue;
      this.#hours.delete(bucket);
      const sums = entryOf(this.#days, bucketStart(bucket, "day", this.zone), newDimensions);
      for (const [dimension, cells] of dimensions) {
        yield { grain: "hour", dimension, bucket, cells };
        const sum = entryOf(sums, dimension, newCells);
        for (const [value, cell] of cells) mergeCell(sum, dimension, value, cell);
      }
    }
  }

  /** Removes the sums of the days, of hours that were taken. */
  *takeDays(): Iterable<RollupChange> {
    for (const [bucket, dimensions] of this.#days) {
      this.#days.delete(bucket);
      for (const [dimension, cells] of dimensions) yield { grain: "day", dimension, bucket, cells };
    }
  }

  #hour(time: number): Map<Dimension, RollupCells> {
    return entryOf(this.#hours, bucketStart(time, "hour", this.zone), newDimensions);
  }
}

/** The entry of a map, created when there is none. */
function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}

const newDimensions = (): Map<Dimension, RollupCells> => new Map();
const newCells = (): RollupCells => new Map();

function newCell(): RollupCell {
  return {
    counts: {
      events: 0,
      pageviews: 0,
      sessions: 0,
      bounces: 0,
      duration_ms: 0,
    },
    sets: {},
  };
}

function cellOf(hour: Map<Dimension, RollupCells>, dimension: Dimension, value: string | null): RollupCell {
  return entryOf(entryOf(hour, dimension, newCells), value, newCell);
}

function setOf(cell: RollupCell, dimension: Dimension, measure: SetMeasure): Sketch {
  cell.sets[measure] ??= new Sketch(precisionOf(dimension));
  return cell.sets[measure];
}

function mergeCell(into: RollupCells, dimension: Dimension, value: string | null, from: RollupCell): void {
  const cell = entryOf(into, value, newCell);
  for (const measure of COUNTS) cell.counts[measure] += from.counts[measure];
  for (const measure of SETS) {
    const members = from.sets[measure];
    if (members) setOf(cell, dimension, measure).merge(members);
  }
}
