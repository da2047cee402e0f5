/**
 * Distinct counts. Members are lasting (people, visitors with a `distinct_id`: the same on every day) or daily
 * (anonymous visitors, sessions: counted once per day). A count is exact until memory runs short, then a sketch.
 * @module
 */

import { countOf, hashOf, isApproximate, PRECISION, type Precision, Sketch } from "../../../pipeline/rollup";
import { GROUP_BYTES, MEMBER_BYTES, TABLE_BYTES } from "../plan/limits";
import { HashSet } from "./hash-set";

/** A set that is this many times as large as its sketch is turned into one when memory is full. */
const SPILL_FACTOR = 4;

/** Hashes are below this. */
const HASHES = 2 ** 48;

/** The tables of a request do not fit into memory, even with sketches. */
export class MemoryExceededError extends Error {}

/** The memory in bytes that all tables of a request share: their groups, and the members and values of these. */
export class MemoryBudget {
  #members = 0;
  #groups = 0;

  constructor(readonly limit = MEMBER_BYTES) {}

  /** Bytes in use. */
  get used(): number {
    return this.#members + this.#groups;
  }

  /** Whether sets and lists should become sketches. */
  get isFull(): boolean {
    return this.#members > this.limit;
  }

  /** Takes or returns bytes of members and values. @throws MemoryExceededError */
  take(bytes: number): void {
    this.#members += bytes;
    if (this.used > TABLE_BYTES) throw new MemoryExceededError();
  }

  /** Takes the bytes of a group; false when it does not fit. */
  takeGroup(bytes: number): boolean {
    if (this.#groups + bytes > GROUP_BYTES) return false;
    this.#groups += bytes;
    return true;
  }
}

/** Members of one kind: exact, or a sketch when memory is full. */
class Tally {
  #members: HashSet | null = new HashSet();
  #sketch: Sketch | null = null;

  constructor(
    readonly memory: MemoryBudget,
    public precision: Precision,
  ) {}

  get isSketch(): boolean {
    return this.#sketch !== null;
  }

  get approximate(): boolean {
    return this.#sketch?.approximate ?? false;
  }

  count(): number {
    return this.#members ? this.#members.size : this.#sketch!.count();
  }

  add(hash: number): void {
    if (!this.#members) {
      this.#sketch!.add(hash);
      return;
    }
    const before = this.#members.bytes;
    this.#members.add(hash);
    const grown = this.#members.bytes - before;
    if (grown === 0) return;
    this.memory.take(grown);
    if (this.memory.isFull && this.#members.bytes >= SPILL_FACTOR * 2 ** this.precision) this.toSketch();
  }

  /** The same members as a sketch, which other sketches can be merged into. */
  toSketch(): Sketch {
    if (this.#sketch) return this.#sketch;
    const sketch = new Sketch(this.precision);
    for (const hash of this.#members!) sketch.add(hash);
    this.memory.take(2 ** this.precision - this.#members!.bytes);
    this.#sketch = sketch;
    this.#members = null;
    return sketch;
  }

  merge(other: Tally): void {
    if (other.#members) for (const hash of other.#members) this.add(hash);
    else this.toSketch().merge(other.#sketch!);
  }
}

export class Distinct {
  /** Daily members of days of which only the number is known, and whether that number is an estimate. */
  #counted = 0;
  #estimated = false;
  #daily: Tally | null = null;
  #lasting: Tally | null = null;
  /** All lasting members, while nothing else has been added: an encoded sketch, or those of another count. */
  #only: string | Distinct | null = null;
  /** Number of lasting members, once counted. */
  #size: number | null = null;

  constructor(
    readonly memory: MemoryBudget,
    readonly precision: Precision = PRECISION.fine,
  ) {}

  get approximate(): boolean {
    return this.#estimated || (this.#daily?.approximate ?? false) || this.#isLastingApproximate();
  }

  count(): number {
    return this.#counted + (this.#daily?.count() ?? 0) + this.#countLasting();
  }

  #isLastingApproximate(): boolean {
    if (this.#only instanceof Distinct) return this.#only.#isLastingApproximate();
    return this.#only === null ? (this.#lasting?.approximate ?? false) : isApproximate(this.#only);
  }

  #countLasting(): number {
    if (this.#only instanceof Distinct) return this.#only.#countLasting();
    this.#size ??= this.#only === null ? (this.#lasting?.count() ?? 0) : countOf(this.#only);
    return this.#size;
  }

  /** Adds a lasting member. */
  add(hash: number): void {
    this.#members().add(hash);
  }

  /** Adds a daily member; `salt` is the day's (`saltOf`). */
  addDaily(hash: number, salt: number): void {
    this.#daily ??= new Tally(this.memory, this.precision);
    // Both are below 2^48; a remainder of numbers that large takes longer than all the rest.
    const sum = hash + salt;
    this.#daily.add(sum < HASHES ? sum : sum - HASHES);
  }

  /** Adds the number of daily members of a day for which no members are added. */
  addCounted(count: number, estimated: boolean): void {
    this.#counted += count;
    this.#estimated ||= estimated;
  }

  /** Adds lasting members of an encoded sketch of this precision. */
  absorb(text: string): void {
    if (!this.#lasting && this.#only === null) {
      this.#only = text;
      this.#size = null;
    } else this.#members().toSketch().absorb(text);
  }

  /** Lasting members, as a tally that can be modified. */
  #members(): Tally {
    this.#size = null;
    this.#lasting ??= new Tally(this.memory, this.precision);
    const only = this.#only;
    if (only !== null) {
      this.#only = null;
      if (typeof only === "string") this.#lasting.toSketch().absorb(only);
      else this.#mergeLasting(only);
    }
    return this.#lasting;
  }

  /** Merges another count, of other days as far as daily members are concerned; the other must not change any more. */
  merge(other: Distinct): void {
    this.addCounted(
      other.#counted + (other.#daily?.count() ?? 0),
      other.#estimated || (other.#daily?.approximate ?? false),
    );
    const source = other.#only instanceof Distinct ? other.#only : other;
    if (!source.#lasting && source.#only === null) return;
    if (this.precision !== other.precision)
      throw new Error(`distinct: precision ${other.precision} cannot be merged into ${this.precision}`);
    const isEmpty = !this.#lasting && this.#only === null;
    // Members that are not a sketch are copied, so that they count toward the memory of this request.
    if (isEmpty && (source.#only !== null || source.#lasting?.isSketch)) this.#only = source;
    else this.#mergeLasting(source);
  }

  #mergeLasting(source: Distinct): void {
    if (typeof source.#only === "string") this.absorb(source.#only);
    else if (source.#lasting) {
      // The larger part first: the smaller one is then added to its registers.
      const text = typeof this.#only === "string" ? this.#only : null;
      if (text !== null) this.#only = null;
      this.#members().merge(source.#lasting);
      if (text !== null) this.absorb(text);
    }
  }
}

/** A number below 2^48 that distinguishes a day's members from another day's. */
export function saltOf(day: number): number {
  return hashOf(`day ${day}`);
}
