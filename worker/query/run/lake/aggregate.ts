/**
 * Adds rows up into a table: runs of rows of one bucket (and one day, where members are counted once a day), within a
 * run by dictionary code.
 * @module
 */
import { bucketStart, nextBucket } from "../../../lib/time";
import { type Aggregate, DATASETS, type Dataset } from "../../../metrics";
import type { Precision } from "../../../rollup";
import { Distinct, type Room, saltOf } from "../../distinct";
import type { CheckedFilter } from "../../filter";
import { dimensionNamed } from "../../plan/reads";
import type { Ask } from "../../question";
import { type Group, Table } from "../../table";
import { bucketIndex } from "../rollup";
import type { Tuples } from "./coded";
import { both } from "./mask";
import type { BatchView } from "./view";

/** When people were first named; resolved for a batch before it is added up. */
export interface PeopleIndex {
  /** Epoch ms for each entry of the batch's `distinct_id`, infinite for those never named. */
  since(view: BatchView): Float64Array;
}

/** Pairs of a group and a member that are looked up in an array instead of a set. */
const MAX_PAIRS = 2 ** 20;

/** Rows `[start, end)` of one bucket and one day. */
interface Stretch {
  start: number;
  end: number;
  bucket: number;
  salt: number;
}

export class Aggregator {
  readonly table: Table;
  readonly #dataset: Dataset;
  readonly #aggregates: Aggregate[];
  readonly #daily: boolean;

  constructor(
    readonly ask: Ask,
    /** The part of the ask's filter that is on the rows themselves. */
    readonly filter: CheckedFilter | null,
    readonly edges: readonly number[],
    /** Zone whose days count daily members. */
    readonly zone: string,
    readonly people: PeopleIndex,
    options: { precision: Precision; room: Room },
  ) {
    this.table = new Table(ask, options.precision, options.room);
    this.#dataset = DATASETS[ask.dataset]!;
    this.#aggregates = ask.measures.map((name) => this.#dataset.measures[name]!.aggregate);
    this.#daily = this.#aggregates.some((a) => a.kind === "distinct" && a.subject !== "user");
  }

  /** Adds the rows of a batch; `selected`, where given, says which of them. */
  add(view: BatchView, selected: Uint8Array | null = null): void {
    const tuples = view.tuples(this.ask.dimensions);
    const passing = both(view.mask(this.filter, this.#dataset.except), selected);
    const mask = both(passing, this.#shown(tuples, view.length));
    const pairs = this.#aggregates.map(() => new Map<string, Uint32Array>());
    const sums = new Float64Array(tuples.tuples.length);
    const met = new Uint32Array(tuples.tuples.length);
    let groups: (Group | undefined)[] = [];
    let bucket = -1;
    let stamp = 0;
    for (const stretch of this.#stretches(view.times)) {
      if (stretch.bucket !== bucket) groups = [];
      bucket = stretch.bucket;
      stamp++;
      const rows = pickRows(stretch, mask);
      if (!rows.length) continue;
      const groupOf = (code: number): Group => {
        groups[code] ??= this.table.group(bucket, tuples.tuples[code]!);
        return groups[code];
      };
      const used = usedCodes(rows, tuples.codes, met, stamp);
      for (const [m, aggregate] of this.#aggregates.entries()) {
        const into = { m, rows, used, sums, tuples, groupOf, salt: stretch.salt, stamp, pairs: pairs[m]! };
        if (aggregate.kind === "distinct") this.#addDistinct(view, aggregate.subject, into);
        else addNumbers(view, aggregate, into);
      }
    }
  }

  /** Rows that a breakdown shows: those without a value that is left out. Null for all. */
  #shown({ tuples, codes }: Tuples, length: number): Uint8Array | null {
    const sparse = this.ask.dimensions.map((name) => dimensionNamed(this.#dataset, name).nulls === "omit");
    const shown = Uint8Array.from(tuples, (values) =>
      values.some((v, i) => v === null && sparse[i]) ? 0 : 1,
    );
    if (!shown.includes(0)) return null;
    const mask = new Uint8Array(length);
    for (let row = 0; row < length; row++) mask[row] = shown[codes[row]!]!;
    return mask;
  }

  *#stretches(times: Float64Array): Generator<Stretch> {
    const { from, to } = this.ask;
    let start = firstAtOrAfter(times, from, 0);
    const last = firstAtOrAfter(times, to, start);
    while (start < last) {
      const time = times[start]!;
      const bucket = bucketIndex(this.edges, time);
      const bucketEnd = this.edges[bucket + 1] ?? to;
      const dayEnd = this.#daily ? nextBucket(time, "day", this.zone) : Number.POSITIVE_INFINITY;
      const end = Math.min(last, firstAtOrAfter(times, Math.min(bucketEnd, dayEnd), start));
      const salt = this.#daily ? saltOf(bucketStart(time, "day", this.zone)) : 0;
      yield { start, end, bucket, salt };
      start = end;
    }
  }

  #addDistinct(view: BatchView, subject: "visitor" | "user" | "session", into: Into): void {
    if (subject === "session") {
      const places = view.sessions();
      const index = view.index!;
      for (const row of into.rows) {
        const place = places[row]!;
        if (place >= 0) distinctOf(into, row).addDaily(index.identityOf(place), into.salt);
      }
      return;
    }
    const people = view.column("distinct_id");
    const none = people.dictionary.indexOf(null);
    if (subject === "user") {
      const since = this.people.since(view);
      const hashes = view.hashes("distinct_id");
      eachNew(into, "people", people.dictionary.length, people.codes, (row, code) => {
        if (view.times[row]! < since[code]!) return false;
        distinctOf(into, row).add(hashes[code]!);
        return true;
      });
      return;
    }
    const visitors = view.column("visitor_id");
    const hashes = view.hashes("visitor_id");
    eachNew(into, "visitors", visitors.dictionary.length, visitors.codes, (row, code) => {
      if (people.codes[row] === none) distinctOf(into, row).addDaily(hashes[code]!, into.salt);
      else distinctOf(into, row).add(hashes[code]!);
      return true;
    });
  }
}

/** Rows of a stretch on their way into the cells of measure `m`. */
interface Into {
  m: number;
  rows: Uint32Array;
  /** Codes of tuples that the rows have. */
  used: readonly number[];
  /** Zeros, by code of tuple; left as zeros. */
  sums: Float64Array;
  tuples: Tuples;
  groupOf(code: number): Group;
  salt: number;
  /** Number of the stretch, above 0. */
  stamp: number;
  /** Stretch in which a pair of group and member was last met. */
  pairs: Map<string, Uint32Array>;
}

function distinctOf({ m, tuples, groupOf }: Into, row: number): Distinct {
  const cell = groupOf(tuples.codes[row]!).cells[m];
  if (!(cell instanceof Distinct)) throw new Error("query: a distinct measure without its cell");
  return cell;
}

/** Calls `add` for rows whose pair of group and member has not been added in this stretch. `add` answers if it did. */
function eachNew(
  into: Into,
  name: string,
  members: number,
  codes: ArrayLike<number>,
  add: (row: number, code: number) => boolean,
): void {
  const { rows, tuples, stamp, pairs } = into;
  const size = tuples.tuples.length * members;
  if (size > MAX_PAIRS) {
    for (let i = 0; i < rows.length; i++) add(rows[i]!, codes[rows[i]!]!);
    return;
  }
  let met = pairs.get(name);
  if (!met) {
    met = new Uint32Array(size);
    pairs.set(name, met);
  }
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const code = codes[row]!;
    const pair = tuples.codes[row]! * members + code;
    if (met[pair] !== stamp && add(row, code)) met[pair] = stamp;
  }
}

function addNumbers(view: BatchView, aggregate: Exclude<Aggregate, { kind: "distinct" }>, into: Into): void {
  const { m, used, sums, groupOf } = into;
  if (aggregate.kind === "sum") addSums(view, aggregate, into);
  else addCounts(view, aggregate, into);
  for (const code of used) {
    const { cells } = groupOf(code);
    cells[m] = (cells[m] as number) + sums[code]!;
    sums[code] = 0;
  }
}

function addCounts(view: BatchView, { where }: Extract<Aggregate, { kind: "count" }>, into: Into): void {
  const { rows, sums, tuples } = into;
  const { codes } = tuples;
  if (!where) {
    if (tuples.tuples.length === 1) sums[0]! += rows.length;
    else for (let i = 0; i < rows.length; i++) sums[codes[rows[i]!]!]!++;
    return;
  }
  const column = view.column(where.column);
  const wanted = column.dictionary.indexOf(where.value);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (column.codes[row] === wanted) sums[codes[row]!]!++;
  }
}

/** A missing number adds nothing. */
function addSums(view: BatchView, { column, less }: Extract<Aggregate, { kind: "sum" }>, into: Into): void {
  const { rows, sums, tuples } = into;
  const { codes } = tuples;
  const plus = view.numbers(column);
  const minus = less === undefined ? null : view.numbers(less);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = plus[row]! - (minus ? minus[row]! : 0);
    if (!Number.isNaN(value)) sums[codes[row]!]! += value;
  }
}

/** The rows of a stretch that are taken. */
function pickRows({ start, end }: Stretch, mask: Uint8Array | null): Uint32Array {
  const rows = new Uint32Array(end - start);
  let count = 0;
  if (!mask) for (let row = start; row < end; row++) rows[count++] = row;
  else for (let row = start; row < end; row++) if (mask[row] === 1) rows[count++] = row;
  return rows.subarray(0, count);
}

/** The codes that rows have, each once; `met` tells in which stretch a code was last met. */
function usedCodes(rows: Uint32Array, codes: ArrayLike<number>, met: Uint32Array, stamp: number): number[] {
  const used: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]!]!;
    if (met[code] === stamp) continue;
    met[code] = stamp;
    used.push(code);
  }
  return used;
}

/** First row at or after `time`; rows are sorted by time. */
function firstAtOrAfter(times: Float64Array, time: number, from: number): number {
  let low = from;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
