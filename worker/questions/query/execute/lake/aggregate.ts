/**
 * Aggregates rows into a table: by runs of rows of one bucket (and one day, where members are counted once a day), and
 * in a run by dictionary code.
 * @module
 */
import { bucketStart, nextBucket } from "../../../../lib/time";
import type { Steps } from "../../../../lib/yield";
import { PRECISION } from "../../../../pipeline/rollup";
import { type Aggregate, DATASETS, type Dataset, measureNamed } from "../../../metrics";
import { dimensionNamed } from "../../dataset-columns";
import { cellBytes, ROW_BYTES } from "../../plan/cost";
import type { LakePlan } from "../../plan/lake-plan";
import { AggregateTable, type Group } from "../../table/aggregate-table";
import { type MemoryBudget, saltOf } from "../../table/distinct";
import { bucketIndex } from "../rollup/aggregate";
import { addDistinct, addNumbers, type PeopleIndex } from "./add";
import type { Tuples } from "./coded";
import { addField } from "./field";
import { both } from "./mask";
import type { BatchView } from "./view";

/** Most rows of a stretch, so that its steps are short. */
const STRETCH_ROWS = 4_096;
/** Work of a group that occurs in a stretch, in the bytes of `plan/cost.ts`. */
const GROUP_WORK = 64;

/** Rows `[start, end)` of one bucket and one day. */
interface Stretch {
  start: number;
  end: number;
  bucket: number;
  salt: number;
}

export class Aggregator {
  readonly table: AggregateTable;
  readonly #dataset: Dataset;
  readonly #aggregates: Aggregate[];
  readonly #daily: boolean;

  /** `zone`: the time zone for members that count once a day. */
  constructor(
    readonly scan: LakePlan,
    readonly options: { zone: string; people: PeopleIndex; memory: MemoryBudget },
  ) {
    const { subquery } = scan;
    const { precision = subquery.dimensions.length ? PRECISION.coarse : PRECISION.fine } = scan;
    this.table = new AggregateTable(subquery, precision, options.memory);
    this.#dataset = DATASETS[subquery.dataset]!;
    this.#aggregates = subquery.measures.map((name) => measureNamed(this.#dataset, name).aggregate);
    this.#daily = this.#aggregates.some((a) => a.kind === "distinct" && a.subject !== "user");
  }

  /** Adds the rows of a batch, in steps; `selected`, if given, marks which of them. */
  *add(view: BatchView, selected: Uint8Array | null = null): Steps {
    const tuples = view.tuples(this.scan.subquery.dimensions);
    const passing = both(view.mask(this.scan.filter.own, this.#dataset.except), selected);
    const mask = both(passing, this.#shown(tuples, view.length));
    yield ROW_BYTES * view.length;
    const { memory } = this.options;
    const pairs = this.#aggregates.map(() => ({ pairs: null }));
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
        // Members that outgrow their set are all moved at once.
        const before = memory.used;
        const into = { m, rows, used, sums, tuples, groupOf, salt: stretch.salt, stamp, met: pairs[m]! };
        if (aggregate.kind === "distinct") addDistinct(view, aggregate.subject, this.options.people, into);
        else if (aggregate.kind === "field") addField(view, aggregate, into);
        else addNumbers(view, aggregate, into);
        yield cellBytes(aggregate) * rows.length +
          GROUP_WORK * used.length +
          Math.max(0, memory.used - before);
      }
    }
  }

  /** Rows that a breakdown shows: without those whose value is omitted. Null for all. */
  #shown({ tuples, codes }: Tuples, length: number): Uint8Array | null {
    const sparse = this.scan.subquery.dimensions.map(
      (name) => dimensionNamed(this.#dataset, name).nulls === "omit",
    );
    if (!sparse.includes(true)) return null;
    const shown = Uint8Array.from(tuples, (values) =>
      values.some((v, i) => v === null && sparse[i]) ? 0 : 1,
    );
    if (!shown.includes(0)) return null;
    const mask = new Uint8Array(length);
    for (let row = 0; row < length; row++) mask[row] = shown[codes[row]!]!;
    return mask;
  }

  *#stretches(times: Float64Array): Generator<Stretch> {
    const { edges, range } = this.scan;
    const { from, to } = range;
    const { zone } = this.options;
    let start = firstAtOrAfter(times, from, 0);
    const last = firstAtOrAfter(times, to, start);
    while (start < last) {
      const time = times[start]!;
      const bucket = bucketIndex(edges, time);
      const bucketEnd = edges[bucket + 1] ?? to;
      const dayEnd = this.#daily ? nextBucket(time, "day", zone) : Number.POSITIVE_INFINITY;
      const most = Math.min(last, start + STRETCH_ROWS);
      const end = Math.min(most, firstAtOrAfter(times, Math.min(bucketEnd, dayEnd), start));
      const salt = this.#daily ? saltOf(bucketStart(time, "day", zone)) : 0;
      yield { start, end, bucket, salt };
      start = end;
    }
  }
}

/** The rows of a stretch that pass the mask. */
function pickRows({ start, end }: Stretch, mask: Uint8Array | null): Uint32Array {
  const rows = new Uint32Array(end - start);
  let count = 0;
  if (!mask) for (let row = start; row < end; row++) rows[count++] = row;
  else for (let row = start; row < end; row++) if (mask[row] === 1) rows[count++] = row;
  return rows.subarray(0, count);
}

/** The distinct codes of rows. `met`: the stretch in which each code last occurred. */
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
