/**
 * Chooses the cheapest store that can answer exactly. No I/O: a plan is plain data.
 *
 * Rollups keep one dimension at a time, so they answer a breakdown by one dimension, filtered by that dimension at
 * most, over whole buckets. Everything else is read from the lake. Whether the rows of a rollup plan really suffice
 * (a sealed hour has only the number of its visitors) is seen when they are there: see run/rollup.
 * @module
 */
import type { TimeRange } from "../../../lib/time";
import {
  DAILY_SETS,
  type Depth,
  DIMENSIONS,
  type DimensionSpec,
  HOURLY_FOR_LONG,
  HOURS_KEPT_MS,
  type Dimension as RollupDimension,
  type RollupSpan,
  TOTAL,
} from "../../../pipeline/rollup";
import {
  DATASETS,
  type Dataset,
  type Dimension,
  findDimension,
  isUnknown,
  type Mart,
  type Measure,
  martOf,
  measureNamed,
} from "../../metrics";
import { conditionsOf, dimensionsOf, evaluate, testsOf } from "../parse/filter";
import { toCalendar } from "./calendar";
import { cover, edgesOf } from "./cover";
import type { Subquery } from "./subquery";

/** How a project's rollups are cut, and when it is. */
export interface Setting {
  /** Zone in which the buckets are cut. */
  zone: string;
  now: number;
}

export interface RollupPlan {
  store: "rollup";
  ask: Subquery;
  /** Dimension of the rows to read. */
  dimension: RollupDimension;
  /** Whether the answer is split by the values of the rows, or they are put together. */
  split: boolean;
  /** Whether values put together share no members (`Measure.whole`). */
  disjoint: boolean;
  spans: RollupSpan[];
  /** Stretches at the ends of the range whose hours are not kept: these are read from the lake. */
  gaps: TimeRange[];
  edges: number[];
}

export interface LakePlan {
  store: "lake";
  ask: Subquery;
  /** Why rollups cannot answer. */
  why: string;
  edges: number[];
}
export type Plan = RollupPlan | LakePlan;

export function plan(ask: Subquery, setting: Setting): Plan {
  const edges = edgesOf(ask, ask.grain, ask.zone);
  const mart = martOf(DATASETS[ask.dataset]!);
  if (mart) return planMart(ask, mart, edges);
  const chosen = chooseRows(ask);
  if ("why" in chosen) return { store: "lake", ask, why: chosen.why, edges };
  const why = (reason: string): LakePlan => ({ store: "lake", ask, why: reason, edges });
  const covered = cover(edges, ask.grain, setting.zone);
  if (!covered) return why(`the range is not made of buckets of ${setting.zone}`);
  const { dimension } = chosen;
  const oldest = HOURLY_FOR_LONG.includes(dimension) ? Number.NEGATIVE_INFINITY : setting.now - HOURS_KEPT_MS;
  const { measures } = DATASETS[ask.dataset]!;
  const sets = ask.measures.flatMap((name) => {
    const { rollup } = measures[name]!;
    return rollup && "sets" in rollup ? rollup.sets : [];
  });
  const [gaps, hours] = partition(covered.hours, ({ from }) => from < oldest);
  if (gaps.length && !covered.days.length) return why(`hours by ${dimension} are kept for 72 hours only`);
  const spansOf = (grain: "hour" | "day") => {
    // Hours and values that are put together are united; sets that are not only have to be counted.
    const unites = (grain === "hour" && ask.grain !== "hour") || !(chosen.split || isCounted(chosen));
    const depth = depthOf(sets, unites);
    return (range: TimeRange): RollupSpan => ({ grain, dimension, ...range, depth });
  };
  const spans = [...covered.days.map(spansOf("day")), ...hours.map(spansOf("hour"))];
  return { store: "rollup", ask, ...chosen, spans, gaps, edges };
}

function planMart(ask: Subquery, { time }: Mart, edges: number[]): LakePlan {
  const why = `rollups do not keep ${ask.dataset}, which sources say`;
  return { store: "lake", why, ...(time === "calendar" ? toCalendar(ask, edges) : { ask, edges }) };
}

/** Whether each bucket has one value, or values that share no members. */
const isCounted = ({ dimension, disjoint }: Pick<RollupPlan, "dimension" | "disjoint">) =>
  disjoint || dimension === TOTAL;

/** How deep rows have to be read to add up sets; `unites`: whether several make up the set of a day. */
function depthOf(sets: readonly string[], unites: boolean): Depth {
  if (!sets.length) return "counts";
  if (unites) return "sets";
  return sets.every((set) => DAILY_SETS.some((daily) => daily === set)) ? "counts" : "lasting";
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** Which rollup rows carry what is asked. */
function chooseRows(ask: Subquery): Pick<RollupPlan, "dimension" | "split" | "disjoint"> | { why: string } {
  const dataset = DATASETS[ask.dataset]!;
  const filtered = dimensionsOf(ask.filter);
  const names = [...new Set([...ask.dimensions, ...filtered])];
  if (names.length > 1) return { why: `${names.join(" and ")} are not kept together` };
  const measures = ask.measures.map((name) => measureNamed(dataset, name));
  const [name] = names;
  if (name === undefined) return chooseWhole(measures);
  const dimension = rollupDimension(dataset, name);
  if (dimension === null) return { why: `${name} is not kept in rollups of ${dataset.name}` };
  if (!measures.every((measure) => carries(DIMENSIONS[dimension], measure))) {
    return { why: `rollups by ${name} do not keep ${ask.measures.join(", ")}` };
  }
  if (DIMENSIONS[dimension].nulls === "omit" && takesNone(ask))
    return { why: `rollups by ${name} leave out none` };
  return { dimension, split: ask.dimensions.length > 0, disjoint: false };
}

function chooseWhole(
  measures: Measure[],
): Pick<RollupPlan, "dimension" | "split" | "disjoint"> | { why: string } {
  const whole = measures.find((measure) => measure.whole !== undefined)?.whole ?? TOTAL;
  if (!isRollupDimension(whole) || !measures.every((measure) => carries(DIMENSIONS[whole], measure))) {
    return { why: "totals do not keep all that is asked" };
  }
  return { dimension: whole, split: false, disjoint: whole !== TOTAL };
}

/** The rollup dimension that a dimension's own column is kept under. */
function rollupDimension(dataset: Dataset, name: string): RollupDimension | null {
  const dimension = findDimension(dataset, name);
  return !isUnknown(dimension) && isOwn(dimension) && isRollupDimension(name) ? name : null;
}

const isOwn = (dimension: Dimension) => dimension.origin.kind === "column";
const isRollupDimension = (name: string): name is RollupDimension => Object.hasOwn(DIMENSIONS, name);

function carries(spec: DimensionSpec, { rollup }: Measure): boolean {
  if (!rollup) return false;
  if ("count" in rollup) return spec.counts.some((count) => count === rollup.count);
  return rollup.sets.every((wanted) => spec.sets.some((set) => set === wanted));
}

/** Whether a row without a value passes the filter. */
function takesNone({ filter }: Subquery): boolean {
  return filter !== null && evaluate(filter, testsOf(filter), null);
}

/** The values that a filter of one `eq` or `in` names; null for every other filter. */
export function namedValues(ask: Subquery): (string | null)[] | null {
  const [condition, ...others] = conditionsOf(ask.filter);
  if (!condition || others.length || condition !== ask.filter) return null;
  if (condition.op === "in" && Array.isArray(condition.value)) return condition.value;
  return condition.op === "eq" && !Array.isArray(condition.value) && typeof condition.value !== "boolean"
    ? [condition.value]
    : null;
}
