/**
 * Chooses the cheapest store that can answer a subquery exactly. No I/O.
 *
 * A rollup row has one dimension, so rollups answer a breakdown by one dimension, filtered by that dimension at most,
 * over whole buckets. Everything else is read from the lake. Whether the rows of a rollup plan are sufficient (a sealed
 * hour has only the number of its visitors) is known after reading them: see execute/rollup.
 * @module
 */
import type { TimeRange } from "../../../lib/time";
import {
  DAILY_SETS,
  type Depth,
  DIMENSIONS,
  type DimensionSpec,
  HOURLY_FOR_LONG,
  HOURS_RETENTION_MS,
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
import { conditionsOf, dimensionsOf, evaluate, testsOf, type Value } from "../parse/filter";
import type { Refusal } from "../parse/refusal";
import { toCalendar } from "./calendar";
import { type Cover, cover, edgesOf } from "./cover";
import { type LakePlan, planLake } from "./lake-plan";
import type { Subquery } from "./subquery";

/** Zone of the project's rollup buckets, and the time in epoch ms. */
export interface PlanSetting {
  zone: string;
  now: number;
}

/** Reads rollup rows. */
export interface RollupPlan {
  store: "rollup";
  subquery: Subquery;
  /** Dimension of the rows to read. */
  dimension: RollupDimension;
  /** Whether the result is split by the values of the rows; otherwise they are added up. */
  split: boolean;
  /** Whether values that are added up share no members (`Measure.whole`). */
  disjoint: boolean;
  spans: RollupSpan[];
  /** Ranges at the ends whose hours are no longer stored: these are read from the lake. */
  gaps: TimeRange[];
  /** Bucket edges of the result, epoch ms: `edges[i]` to `edges[i + 1]` is one bucket. */
  edges: number[];
  /** Values that are read from the lake where rows may have added them to `(other)`. */
  exact: readonly Value[];
}

export type SubqueryPlan = RollupPlan | LakePlan;

/** Chooses the store of a subquery. */
export function planSubquery(subquery: Subquery, setting: PlanSetting): SubqueryPlan | Refusal {
  const edges = edgesOf(subquery, subquery.grain, subquery.zone);
  const mart = martOf(DATASETS[subquery.dataset]!);
  if (mart) return planMart(subquery, mart, edges);
  const found = chooseSpans(subquery, cover(edges, subquery.grain, setting.zone), setting);
  if ("why" in found) return planLake(subquery, { edges, why: found.why });
  const { dimension, split, disjoint, days, hours, gaps } = found;
  const { measures } = DATASETS[subquery.dataset]!;
  const sets = subquery.measures.flatMap((name) => {
    const { rollup } = measures[name]!;
    return rollup && "sets" in rollup ? rollup.sets : [];
  });
  const spansOf = (grain: "hour" | "day") => {
    // Hours, and values that are added up, need a union of sets; otherwise the sizes of sets are enough.
    const unites = (grain === "hour" && subquery.grain !== "hour") || !(split || isCounted(found));
    const depth = depthOf(sets, unites);
    return (range: TimeRange): RollupSpan => ({ grain, dimension, ...range, depth });
  };
  const spans = [...days.map(spansOf("day")), ...hours.map(spansOf("hour"))];
  return { store: "rollup", subquery, dimension, split, disjoint, spans, gaps, edges, exact: [] };
}

/** The plan, with exact lines of the values if it splits rollups into lines. */
export function withExact(plan: SubqueryPlan, values: readonly Value[]): SubqueryPlan {
  return plan.store === "rollup" && plan.split && !plan.subquery.filter ? { ...plan, exact: values } : plan;
}

/** The measures of a subquery that rollups can answer on their own. */
export function rollupMeasures(subquery: Subquery, setting: PlanSetting): string[] {
  const edges = edgesOf(subquery, subquery.grain, subquery.zone);
  const covered = cover(edges, subquery.grain, setting.zone);
  return subquery.measures.filter(
    (measure) => !("why" in chooseSpans({ ...subquery, measures: [measure] }, covered, setting)),
  );
}

function planMart(subquery: Subquery, { time }: Mart, edges: number[]): LakePlan | Refusal {
  const why = `rollups do not contain ${subquery.dataset}: its rows come from sources`;
  if (time !== "calendar") return planLake(subquery, { edges, why });
  const moved = toCalendar(edges, subquery.zone);
  return planLake(subquery, { edges: moved, why });
}

type RollupRows = Pick<RollupPlan, "dimension" | "split" | "disjoint">;

/** The rollup buckets that answer a subquery, or why none do. */
function chooseSpans(
  subquery: Subquery,
  covered: Cover | null,
  setting: PlanSetting,
): (RollupRows & Cover & Pick<RollupPlan, "gaps">) | { why: string } {
  const chosen = chooseRows(subquery);
  if ("why" in chosen) return chosen;
  if (!covered) return { why: `the range does not consist of buckets of ${setting.zone}` };
  const { dimension } = chosen;
  const oldest = HOURLY_FOR_LONG.includes(dimension)
    ? Number.NEGATIVE_INFINITY
    : setting.now - HOURS_RETENTION_MS;
  const [gaps, hours] = partition(covered.hours, ({ from }) => from < oldest);
  if (gaps.length && !covered.days.length)
    return { why: `hours by ${dimension} are stored for 72 hours only` };
  return { ...chosen, days: covered.days, hours, gaps };
}

/** Whether each bucket has one value, or values that share no members. */
const isCounted = ({ dimension, disjoint }: Pick<RollupPlan, "dimension" | "disjoint">) =>
  disjoint || dimension === TOTAL;

/** How much of the rows must be read to add up sets. `unites`: whether the set of a day is a union of several. */
function depthOf(sets: readonly string[], unites: boolean): Depth {
  if (!sets.length) return "counts";
  if (unites) return "sets";
  return sets.every((set) => DAILY_SETS.some((daily) => daily === set)) ? "counts" : "lasting";
}

function partition<T>(items: readonly T[], test: (item: T) => boolean): [T[], T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** The dimension of the rollup rows that have all requested measures. */
function chooseRows(subquery: Subquery): RollupRows | { why: string } {
  const dataset = DATASETS[subquery.dataset]!;
  const filtered = dimensionsOf(subquery.filter);
  const names = [...new Set([...subquery.dimensions, ...filtered])];
  if (names.length > 1) return { why: `${names.join(" and ")} are not stored together` };
  const measures = subquery.measures.map((name) => measureNamed(dataset, name));
  const [name] = names;
  if (name === undefined) return chooseWhole(measures);
  const dimension = rollupDimension(dataset, name);
  if (dimension === null) return { why: `${name} is not in rollups of ${dataset.name}` };
  if (!measures.every((measure) => carries(DIMENSIONS[dimension], measure))) {
    return { why: `rollups by ${name} do not have ${subquery.measures.join(", ")}` };
  }
  if (DIMENSIONS[dimension].nulls === "omit" && acceptsNull(subquery))
    return { why: `rollups by ${name} omit rows without a value` };
  return { dimension, split: subquery.dimensions.length > 0, disjoint: false };
}

function chooseWhole(measures: Measure[]): RollupRows | { why: string } {
  const whole = measures.find((measure) => measure.whole !== undefined)?.whole ?? TOTAL;
  if (!isRollupDimension(whole) || !measures.every((measure) => carries(DIMENSIONS[whole], measure))) {
    return { why: "totals do not have all requested measures" };
  }
  return { dimension: whole, split: false, disjoint: whole !== TOTAL };
}

/** The rollup dimension of a dimension that is a column of its own dataset. */
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
function acceptsNull({ filter }: Subquery): boolean {
  return filter !== null && evaluate(filter, testsOf(filter), null);
}

/** The values of a filter that is one `eq` or `in`; null for every other filter. */
export function namedValues(subquery: Subquery): (string | null)[] | null {
  const [condition, ...others] = conditionsOf(subquery.filter);
  if (!condition || others.length || condition !== subquery.filter) return null;
  if (condition.op === "in" && Array.isArray(condition.value)) return condition.value;
  return condition.op === "eq" && !Array.isArray(condition.value) && typeof condition.value !== "boolean"
    ? [condition.value]
    : null;
}
