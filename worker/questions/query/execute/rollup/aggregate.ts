/**
 * Answers a rollup plan from rows that have been read. Where the rows are not exact, the lake must be read:
 * - gaps: the plan's own, and a set measure on a day that consists of several sealed buckets or values, of
 *   which only numbers are left;
 * - everything, when there is a filter and the `(other)` of a bucket may contain matching values.
 * @module
 */
import { bucketStart, nextBucket, type TimeRange } from "../../../../lib/time";
import {
  type CountMeasure,
  DAILY_SETS,
  OTHER,
  type PackedSet,
  precisionOf,
  type RollupRow,
  type SetMeasure,
  unite,
} from "../../../../pipeline/rollup";
import { DATASETS } from "../../../metrics";
import { evaluate, testsOf, type Value } from "../../parse/filter";
import { namedValues, type RollupPlan } from "../../plan/subquery-plan";
import { AggregateTable, type Group } from "../../table/aggregate-table";
import type { Distinct, MemoryBudget } from "../../table/distinct";
import { type DecodedRow, decodedRow } from "../cache/rollup-heads";
import { addBounds, otherRanges } from "./tail";

/** A range of time for which measures have to be read from the lake. */
export interface Gap extends TimeRange {
  measures: string[];
  /** Values that are read from the lake anyway. */
  except?: readonly Value[];
}

export interface RollupSum {
  /** Null when the rows cannot answer. */
  table: AggregateTable | null;
  gaps: Gap[];
  /** Where the exact values of the plan have been added to `(other)`. */
  others: TimeRange[];
  rowsRead: number;
}

/** A set of a day: its number of members, below zero when estimated, and the set unless it was not read. */
interface DaySet {
  size: number;
  set: PackedSet | undefined;
}

/** day → group → its sets of that day, whose members are valid for one day only. */
type Daily = Map<number, Map<Group, DaySet[]>>;

/**
 * `zone` is that of the project's buckets; `rows` may contain more than the plan's. `base` is the sum of other rows
 * of the plan: it comes first, because adding a few members to many is faster than adding many to a few.
 */
export function aggregateRollups(
  plan: RollupPlan,
  rows: readonly RollupRow[],
  zone: string,
  memory?: MemoryBudget,
  base?: AggregateTable,
): RollupSum {
  const own = rows.filter((row) =>
    plan.spans.some((s) => s.grain === row.grain && s.from <= row.bucket && row.bucket < s.to),
  );
  const others = otherRanges(plan, own, zone);
  const run = new RollupAggregator(plan, zone, others, memory);
  if (base) run.table.merge(base);
  let rowsRead = 0;
  for (const row of own) {
    rowsRead++;
    if (!run.add(row)) return { table: null, gaps: [], others: [], rowsRead };
  }
  return { table: run.table, gaps: run.settleDays(), others, rowsRead };
}

class RollupAggregator {
  readonly table: AggregateTable;
  readonly #takes: (value: Value) => boolean;
  readonly #named: Value[] | null;
  readonly #daily: Daily[];
  readonly #measures;
  readonly #exact: ReadonlySet<Value>;

  constructor(
    readonly plan: RollupPlan,
    readonly zone: string,
    readonly others: readonly TimeRange[],
    memory?: MemoryBudget,
  ) {
    const { subquery, dimension } = plan;
    this.table = new AggregateTable(subquery, precisionOf(dimension), memory);
    const { filter } = subquery;
    const tests = filter && testsOf(filter);
    this.#takes = filter && tests ? (value) => evaluate(filter, tests, value) : () => true;
    this.#named = namedValues(subquery);
    this.#daily = subquery.measures.map(() => new Map());
    const { measures } = DATASETS[subquery.dataset]!;
    this.#measures = subquery.measures.map((name) => measures[name]!.rollup!);
    this.#exact = new Set(plan.exact);
  }

  /** Adds a row. Returns false when matching values may be folded into its `(other)`. */
  add(row: RollupRow): boolean {
    const packed = decodedRow(row);
    if (!this.#isWhole(packed)) return false;
    const bucket = bucketIndex(this.plan.edges, row.bucket);
    const day = row.grain === "day" ? row.bucket : bucketStart(row.bucket, "day", this.zone);
    const isInLake = this.#isInLake(day);
    const { split, subquery, dimension } = this.plan;
    for (const [i, value] of packed.values.entries()) {
      if (!this.#takes(value)) continue;
      if (isInLake && this.#exact.has(value)) this.#addCounts(this.table.group(bucket, [OTHER]), packed, i);
      else this.#addValue(this.table.group(bucket, split ? [value] : []), packed, i, day);
    }
    if (split && !subquery.filter)
      addBounds(this.table.bounds, bucket, { dimension, exact: this.#exact }, packed, this.#measures);
    return true;
  }

  /** Whether the plan's exact values are read from the lake on a day. */
  #isInLake(day: number): boolean {
    return this.others.some(({ from, to }) => day < to && from < nextBucket(day, "day", this.zone));
  }

  /** Whether all values of the filter are in the row, and not possibly in its `(other)`. */
  #isWhole({ values, tail }: DecodedRow): boolean {
    if (!this.plan.subquery.filter || !tail) return true;
    const isExact = (value: Value) => {
      const place = values.indexOf(value);
      return place >= 0 && value !== OTHER && tail.errors[place] === 0;
    };
    return this.#named?.every(isExact) ?? false;
  }

  #addCounts(group: Group, packed: DecodedRow, i: number): void {
    for (const [m, measure] of this.#measures.entries()) {
      if (!("count" in measure)) continue;
      const count = packed.counts[measure.count as CountMeasure]?.[i] ?? 0;
      group.cells[m] = (group.cells[m] as number) + count;
    }
  }

  #addValue(group: Group, packed: DecodedRow, i: number, day: number): void {
    this.#addCounts(group, packed, i);
    for (const [m, measure] of this.#measures.entries()) {
      if ("count" in measure) continue;
      for (const name of measure.sets as readonly SetMeasure[]) {
        const set = packed.sets[name]?.[i];
        if (DAILY_SETS.includes(name)) {
          const size = packed.sizes[name]?.[i] ?? 0;
          if (size !== 0) this.#addDaily(m, day, group, { size, set });
        } else if (!packed.sets[name]) {
          throw new Error(`rollup ${this.plan.dimension}: read without ${name}`);
        } else if (set) this.#addLasting(group.cells[m] as Distinct, set);
      }
    }
  }

  #addLasting(cell: Distinct, set: PackedSet): void {
    if (typeof set === "number") throw new Error(`rollup ${this.plan.dimension}: a lasting set is a number`);
    cell.absorb(set);
  }

  #addDaily(measure: number, day: number, group: Group, set: DaySet): void {
    const days = this.#daily[measure]!;
    const groups = days.get(day) ?? new Map<Group, DaySet[]>();
    days.set(day, groups);
    const sets = groups.get(group);
    if (sets) sets.push(set);
    else groups.set(group, [set]);
  }

  /** Counts each day's members; a day whose numbers cannot be added is left out and returned as a gap. */
  settleDays(): Gap[] {
    const { subquery } = this.plan;
    const gaps: Gap[] = this.plan.gaps.map((gap) => ({ ...gap, measures: [...subquery.measures] }));
    for (const [m, days] of this.#daily.entries()) {
      for (const [day, groups] of days) {
        if ([...groups.values()].every((sets) => this.#isCountable(sets))) {
          for (const [group, sets] of groups) this.#count(group.cells[m] as Distinct, sets);
        } else {
          const to = Math.min(nextBucket(day, "day", this.zone), subquery.to);
          const gap: Gap = { from: Math.max(day, subquery.from), to, measures: [subquery.measures[m]!] };
          gaps.push(this.#isInLake(day) ? { ...gap, except: this.plan.exact } : gap);
        }
      }
    }
    return joinGaps(gaps);
  }

  #isCountable(sets: DaySet[]): boolean {
    return sets.length === 1 || this.plan.disjoint || sets.every(({ set }) => typeof set === "string");
  }

  #count(cell: Distinct, sets: DaySet[]): void {
    const members = sets.flatMap(({ set }) => (typeof set === "string" ? [set] : []));
    if (sets.length === 1 || members.length < sets.length) {
      for (const { size } of sets) cell.addCounted(Math.abs(size), size < 0);
      return;
    }
    const { sketch } = unite(this.plan.dimension, members);
    cell.addCounted(sketch.count(), sketch.approximate);
  }
}

/** The last edge at or before `time`. */
export function bucketIndex(edges: readonly number[], time: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! <= time) low = middle;
    else high = middle;
  }
  return low;
}

/** Joins adjacent gaps of the same measures, and gaps of the same time. */
function joinGaps(gaps: Gap[]): Gap[] {
  const joined: Gap[] = [];
  for (const gap of gaps.toSorted((a, b) => a.from - b.from)) {
    const before = joined.find(
      (g) => g.to === gap.from && g.measures.join() === gap.measures.join() && g.except === gap.except,
    );
    if (before) before.to = gap.to;
    else joined.push({ ...gap });
  }
  const byTime = Map.groupBy(joined, ({ from, to }) => `${from} ${to}`);
  return [...byTime.values()].map((same) => ({
    ...same[0]!,
    measures: [...new Set(same.flatMap((gap) => gap.measures))],
  }));
}
