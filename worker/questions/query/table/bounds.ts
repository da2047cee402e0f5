/**
 * Bounds of lines whose rare values rollups have added to `(other)`: by how much each count may be larger than known.
 * @module
 */
import type { Value } from "../parse/filter";

/** For each measure, the most that is missing. */
type Missing = readonly number[];

export class Bounds {
  /** Bucket → what a value may miss that no row has. */
  readonly #absent = new Map<number, Missing>();
  /** Bucket → value → the difference to that, of values that rows have. */
  readonly #present = new Map<number, Map<Value, Missing>>();

  /** Whether every line is exact. */
  get isEmpty(): boolean {
    return this.#absent.size === 0;
  }

  /** Adds a row: what a value without a place may miss, and what each of those with one may. */
  add(bucket: number, absent: Missing, present: Iterable<readonly [Value, Missing]>): void {
    this.#absent.set(bucket, sum(this.#absent.get(bucket), absent));
    const lines = this.#present.get(bucket) ?? new Map<Value, Missing>();
    this.#present.set(bucket, lines);
    for (const [key, missing] of present) {
      lines.set(
        key,
        sum(
          lines.get(key),
          missing.map((most, i) => most - absent[i]!),
        ),
      );
    }
  }

  merge(other: Bounds): void {
    for (const [bucket, absent] of other.#absent) {
      this.#absent.set(bucket, sum(this.#absent.get(bucket), absent));
      const lines = this.#present.get(bucket) ?? new Map<Value, Missing>();
      this.#present.set(bucket, lines);
      for (const [key, missing] of other.#present.get(bucket) ?? []) {
        lines.set(key, sum(lines.get(key), missing));
      }
    }
  }

  /** The most that a line misses of a measure in a bucket; 0: it is exact. `key` undefined: a value that no row has. */
  of(place: number, bucket: number, key?: Value): number {
    const absent = this.#absent.get(bucket)?.[place] ?? 0;
    return key === undefined ? absent : absent + (this.#present.get(bucket)?.get(key)?.[place] ?? 0);
  }

  /** The same over all buckets. */
  wholeOf(place: number, key?: Value): number {
    let most = 0;
    for (const bucket of this.#absent.keys()) most += this.of(place, bucket, key);
    return most;
  }
}

const sum = (one: Missing | undefined, other: Missing): Missing =>
  one ? one.map((most, i) => most + other[i]!) : other;
