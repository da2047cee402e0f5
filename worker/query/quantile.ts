/**
 * A quantile in the making: the values themselves while they are few, a sketch from then on.
 * The sketch is DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
 * Guarantees", VLDB 2019): counts of values by the logarithm of their size.
 * @module
 */
import type { Room } from "./distinct";

/** Values of a group that are kept as they are. */
export const EXACT_VALUES = 2048;
/** When the room of a request is full, lists of this many values become sketches too. */
const SPILL_FROM = 256;
/** A value that a sketch tells is at most this share of the true one away from it. */
export const RELATIVE_ERROR = 0.01;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/** Buckets of one sign: sizes up to 10^35 times apart keep the error; smaller ones then count as the smallest kept. */
const MOST_BUCKETS = 4096;

export class Quantile {
  #values: Float64Array | null = new Float64Array(8);
  #count = 0;
  #sketch: LogSketch | null = null;

  /** `q` from 0 to 1: 0.5 is the median. */
  constructor(
    readonly room: Room,
    readonly q: number,
  ) {}

  get approximate(): boolean {
    return this.#sketch !== null;
  }

  add(value: number): void {
    if (!this.#values) {
      this.#sketch!.add(value, 1);
      return;
    }
    if (this.#count === this.#values.length) this.#grow(this.#values);
    if (this.#values) this.#values[this.#count++] = value;
    else this.#sketch!.add(value, 1);
  }

  #grow(values: Float64Array): void {
    if (values.length >= EXACT_VALUES || (this.room.isFull && values.length >= SPILL_FROM)) {
      this.#toSketch();
      return;
    }
    this.room.take(values.byteLength);
    this.#values = new Float64Array(values.length * 2);
    this.#values.set(values);
  }

  #toSketch(): LogSketch {
    if (this.#sketch) return this.#sketch;
    this.#sketch = new LogSketch();
    for (const value of this.#values!.subarray(0, this.#count)) this.#sketch.add(value, 1);
    this.room.take(-this.#values!.byteLength);
    this.#values = null;
    return this.#sketch;
  }

  /** Adds the values of another one, which stays as it is. */
  merge(other: Quantile): void {
    if (other.#values) for (const value of other.#values.subarray(0, other.#count)) this.add(value);
    else this.#toSketch().merge(other.#sketch!);
  }

  /** The value below which the share `q` lies, between two values in proportion; null without values. */
  value(): number | null {
    const count = this.#sketch?.count ?? this.#count;
    if (count === 0) return null;
    const rank = this.q * (count - 1);
    const low = Math.floor(rank);
    const [below, above] = this.#at(low, Math.min(low + 1, count - 1));
    return below + (above - below) * (rank - low);
  }

  /** The values at two ranks, from 0. */
  #at(low: number, high: number): [number, number] {
    if (this.#sketch) return [this.#sketch.at(low), this.#sketch.at(high)];
    const sorted = this.#values!.slice(0, this.#count).sort();
    return [sorted[low]!, sorted[high]!];
  }
}

/** Counts by size: bucket `i` holds sizes in (γ^(i−1), γ^i]. */
class LogSketch {
  count = 0;
  #zeros = 0;
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();

  add(value: number, times: number): void {
    this.count += times;
    if (value === 0) this.#zeros += times;
    else {
      const bucket = Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA);
      put(value > 0 ? this.#positive : this.#negative, bucket, times);
    }
  }

  merge(other: LogSketch): void {
    this.count += other.count;
    this.#zeros += other.#zeros;
    for (const [bucket, times] of other.#positive) put(this.#positive, bucket, times);
    for (const [bucket, times] of other.#negative) put(this.#negative, bucket, times);
  }

  /** The value at a rank, from 0. */
  at(rank: number): number {
    let left = rank;
    for (const [bucket, times] of [...this.#negative].sort((a, b) => b[0] - a[0])) {
      if (left < times) return -sizeOf(bucket);
      left -= times;
    }
    if (left < this.#zeros) return 0;
    left -= this.#zeros;
    for (const [bucket, times] of [...this.#positive].sort((a, b) => a[0] - b[0])) {
      if (left < times) return sizeOf(bucket);
      left -= times;
    }
    throw new Error(`query: no value at ${rank} of ${this.count}`);
  }
}

/** The size that stands for a bucket: as far from its lower as from its upper end, in relation. */
const sizeOf = (bucket: number) => Math.min((2 * GAMMA ** bucket) / (GAMMA + 1), Number.MAX_VALUE);

function put(counts: Map<number, number>, bucket: number, times: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + times);
  if (counts.size > MOST_BUCKETS * 1.25) collapse(counts);
}

/** Puts the smallest sizes together until the allowed number of buckets is left. */
function collapse(counts: Map<number, number>): void {
  const buckets = [...counts.keys()].sort((a, b) => a - b);
  const small = buckets.slice(0, counts.size - MOST_BUCKETS);
  const least = buckets[small.length]!;
  for (const bucket of small) {
    counts.set(least, counts.get(least)! + counts.get(bucket)!);
    counts.delete(bucket);
  }
}
