/**
 * Reproducible randomness: the same numbers in, the same traffic out.
 * @module
 */

/** Mixes numbers into 32 bits (the finalizer of MurmurHash3). */
export function hash(...parts: number[]): number {
  let h = 0x9e3779b9;
  for (const part of parts) {
    h ^= part | 0;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    h ^= h >>> 16;
  }
  return h >>> 0;
}

/** Values to choose from, with cumulative weights. */
export interface Choice<T> {
  items: T[];
  until: number[];
}

/** Prepares a weighted choice; put the heavy ones first. */
export function choice<T>(entries: readonly (readonly [T, number])[]): Choice<T> {
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let sum = 0;
  const until = entries.map(([, weight]) => {
    sum += weight;
    return sum / total;
  });
  return { items: entries.map(([item]) => item), until };
}

/** A stream of random numbers (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** Whole number in [0, below). */
  int(below: number): number {
    return Math.floor(this.next() * below);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A waiting time around a mean: many short, few long. */
  wait(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  of<T>(list: readonly T[]): T {
    return list[this.int(list.length)] as T;
  }

  choose<T>({ items, until }: Choice<T>): T {
    const at = this.next();
    let i = 0;
    while (i < items.length - 1 && at >= (until[i] as number)) i++;
    return items[i] as T;
  }
}
