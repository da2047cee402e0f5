/**
 * Accumulates a quantile: the values themselves while there are few or few distinct ones, then a sketch.
 * @module
 */
import type { MemoryBudget } from "./distinct";
import { ENTRY_BYTES, LogSketch } from "./log-sketch";

/** Most values of a group that are stored individually. */
export const EXACT_VALUES = 2048;
/** Most distinct values of a group that are counted individually: ratings, steps and whole seconds stay exact. */
export const EXACT_DIFFERENT = 1024;
/** When the memory of a request is full, lists of this many values become sketches too. */
const SPILL_FROM = 256;
const FIRST_VALUES = 8;

export class Quantile {
  /** The first of these that is not null contains the values. */
  #list: Float64Array | null = new Float64Array(FIRST_VALUES);
  #counts: Counts | null = null;
  #sketch: LogSketch | null = null;
  #size = 0;

  /** `q` from 0 to 1: 0.5 is the median. */
  constructor(
    readonly memory: MemoryBudget,
    readonly q: number,
  ) {}

  get approximate(): boolean {
    return this.#sketch !== null;
  }

  add(value: number, times = 1): void {
    if (this.#list && this.#size + times > this.#list.length) this.#grow(this.#list, this.#size + times);
    if (this.#list) this.#list.fill(value, this.#size, this.#size + times);
    else this.#addTo(this.#counts ?? this.#sketch!, value, times);
    this.#size += times;
  }

  #addTo(values: Counts | LogSketch, value: number, times: number): void {
    const before = values.bytes;
    values.add(value, times);
    this.memory.take(values.bytes - before);
    if (values instanceof Counts && values.different > EXACT_DIFFERENT) this.#toSketch();
  }

  #grow(list: Float64Array, needed: number): void {
    if (this.memory.isFull && list.length >= SPILL_FROM) this.#toSketch();
    else if (needed > EXACT_VALUES) this.#toCounts(list);
    else {
      const length = Math.min(EXACT_VALUES, 2 ** Math.ceil(Math.log2(needed)));
      this.memory.take(8 * (length - list.length));
      this.#list = new Float64Array(length);
      this.#list.set(list);
    }
  }

  #toCounts(list: Float64Array): void {
    const counts = new Counts();
    for (const value of list.subarray(0, this.#size)) counts.add(value, 1);
    this.#list = null;
    this.#counts = counts;
    this.memory.take(counts.bytes - list.byteLength);
    if (counts.different > EXACT_DIFFERENT) this.#toSketch();
  }

  #toSketch(): LogSketch {
    if (this.#sketch) return this.#sketch;
    const sketch = new LogSketch();
    for (const [value, times] of this.#entries()) sketch.add(value, times);
    this.memory.take(sketch.bytes - (this.#list?.byteLength ?? this.#counts?.bytes ?? 0));
    this.#list = null;
    this.#counts = null;
    this.#sketch = sketch;
    return sketch;
  }

  /** The values while they are known. */
  *#entries(): Generator<[value: number, times: number]> {
    if (this.#list) for (const value of this.#list.subarray(0, this.#size)) yield [value, 1];
    else if (this.#counts) yield* this.#counts.entries();
  }

  /** Adds the values of another quantile, which is not modified. */
  merge(other: Quantile): void {
    if (other.#sketch) {
      const sketch = this.#toSketch();
      const before = sketch.bytes;
      sketch.merge(other.#sketch);
      this.memory.take(sketch.bytes - before);
      this.#size += other.#size;
    } else for (const [value, times] of other.#entries()) this.add(value, times);
  }

  /** The value below which the share `q` lies, interpolated between two values; null without values. */
  value(): number | null {
    if (this.#size === 0) return null;
    const rank = this.q * (this.#size - 1);
    const low = Math.floor(rank);
    const [below, above] = this.#at(low, Math.min(low + 1, this.#size - 1));
    return below + (above - below) * (rank - low);
  }

  /** The values at two ranks, from 0. */
  #at(low: number, high: number): [number, number] {
    const ranked = this.#sketch ?? this.#counts;
    if (ranked) return [ranked.at(low), ranked.at(high)];
    const sorted = this.#list!.slice(0, this.#size).sort();
    return [sorted[low]!, sorted[high]!];
  }
}

/** Counts of distinct values. */
class Counts {
  readonly #times = new Map<number, number>();

  get different(): number {
    return this.#times.size;
  }

  /** Bytes in use, approximately. */
  get bytes(): number {
    return this.#times.size * ENTRY_BYTES;
  }

  add(value: number, times: number): void {
    this.#times.set(value, (this.#times.get(value) ?? 0) + times);
  }

  entries(): IterableIterator<[number, number]> {
    return this.#times.entries();
  }

  /** The value at a rank, from 0. */
  at(rank: number): number {
    let left = rank;
    for (const [value, times] of [...this.#times].sort((a, b) => a[0] - b[0])) {
      if (left < times) return value;
      left -= times;
    }
    throw new Error(`query: no value at ${rank}`);
  }
}
