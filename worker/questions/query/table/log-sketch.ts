/**
 * DDSketch (Masson, Rim, Lee: "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees",
 * VLDB 2019): counts of values by the logarithm of their size.
 * @module
 */

/** A value from a sketch differs from the exact one by at most this share. */
export const RELATIVE_ERROR = 0.01;

/** Bytes of an entry of a `Map` of numbers, approximately. */
export const ENTRY_BYTES = 40;

const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR);
const LOG_GAMMA = Math.log(GAMMA);
/**
 * Buckets per sign: sizes up to 10^35 times apart are within the error; smaller ones then count as the smallest stored.
 */
const MOST_BUCKETS = 4096;

/** Counts by size: bucket `i` contains sizes in (γ^(i−1), γ^i]. */
export class LogSketch {
  #zeros = 0;
  readonly #positive = new Map<number, number>();
  readonly #negative = new Map<number, number>();

  add(value: number, times: number): void {
    if (value === 0) this.#zeros += times;
    else {
      const bucket = Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA);
      put(value > 0 ? this.#positive : this.#negative, bucket, times);
    }
  }

  /** Bytes in use, approximately. */
  get bytes(): number {
    return (this.#positive.size + this.#negative.size) * ENTRY_BYTES;
  }

  merge(other: LogSketch): void {
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
    throw new Error(`query: no value at ${rank}`);
  }
}

/** The representative size of a bucket: at the same relative distance from its lower and its upper end. */
const sizeOf = (bucket: number) => Math.min((2 * GAMMA ** bucket) / (GAMMA + 1), Number.MAX_VALUE);

function put(counts: Map<number, number>, bucket: number, times: number): void {
  counts.set(bucket, (counts.get(bucket) ?? 0) + times);
  if (counts.size > MOST_BUCKETS * 1.25) collapse(counts);
}

/** Merges the smallest sizes until the allowed number of buckets is left. */
function collapse(counts: Map<number, number>): void {
  const buckets = [...counts.keys()].sort((a, b) => a - b);
  const small = buckets.slice(0, counts.size - MOST_BUCKETS);
  const least = buckets[small.length]!;
  for (const bucket of small) {
    counts.set(least, counts.get(least)! + counts.get(bucket)!);
    counts.delete(bucket);
  }
}
