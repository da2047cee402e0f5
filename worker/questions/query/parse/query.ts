/**
 * A query whose names are known and whose range is resolved: what the rest of the room works with.
 * @module
 */
import type { z } from "zod";
import { type Granularity, type Query, querySchema } from "../../../../schema/wire/query";
import { bucketsOf, type TimeRange } from "../../../lib/time";
import type { Dataset as LakeDataset } from "../../../pipeline/lake";
import {
  type Dataset,
  type Dimension,
  findDataset,
  findDimension,
  findMetric,
  isUnknown,
  type Metric,
  martOf,
} from "../../metrics";
import { type CheckedFilter, checkFilter, dimensionsOf } from "./filter";
import { levelOf } from "./level";
import { comparedRange, type ResolvedRange, resolveRange } from "./range";
import { isRefusal, type Refusal, refuse, refuseUnknown } from "./refusal";

/** Rows that a series may have. */
const MAX_BUCKETS = 10_000;

/** Whom and when a query asks about. */
export interface QueryContext {
  project: string;
  /** Reporting zone of the project, used when the query names none. */
  timezone: string;
  /** ISO 4217 code of the project's currency. */
  currency: string;
  /** Epoch ms. */
  now: number;
}

export interface Question {
  dataset: Dataset;
  /** Of a mart: the dataset of the lake that answers. */
  level: LakeDataset | null;
  metrics: Metric[];
  /** Without time. */
  dimensions: Dimension[];
  /** Width of the time buckets that rows are split by, null for none. */
  grain: Granularity | null;
  /** Place of time among the columns. */
  timeFirst: boolean;
  filter: CheckedFilter | null;
  zone: string;
  range: ResolvedRange;
  compared: TimeRange | null;
  orderBy: { name: string; direction: "asc" | "desc" }[];
  limit: number;
  /** Of the amounts whose metrics say that they are in the project's. */
  currency: string;
  now: number;
}

/** A query of the right shape, with what is left out filled in. */
export type ShapedQuery = z.output<typeof querySchema>;

/** Checks the shape of a query. */
export function shapeOf(query: Query): ShapedQuery | Refusal {
  const shaped = querySchema.safeParse(query);
  if (shaped.success) return shaped.data;
  const errors = shaped.error.issues.map((issue) => ({
    path: issue.path.map(String).join("."),
    code: issue.code ?? "custom",
    message: issue.message,
  }));
  return { code: "invalid_request", detail: "The query is not valid", errors };
}

/** Checks a query for metrics of a dataset: shape, names, values, range. */
export function parse(query: Query, asker: QueryContext): Question | Refusal {
  const asked = shapeOf(query);
  if (isRefusal(asked)) return asked;
  const dataset = datasetOf(asked);
  if (isRefusal(dataset)) return dataset;
  const metrics = eachKnown(asked.metrics, "metrics", (name) => findMetric(dataset, name));
  if (isRefusal(metrics)) return metrics;
  const question = questionOf(asked, { dataset, metrics }, asker);
  return isRefusal(question) ? question : (refuseOrder(question) ?? placed(question));
}

/** The question with what its filter does not say: rows left out unless they are named, and which level of a mart is read. */
export function placed(question: Question): Question | Refusal {
  const { dataset, dimensions, filter } = question;
  const { unlessNamed } = dataset;
  const named = [...dimensions.map(({ name }) => name), ...dimensionsOf(filter)];
  const hidden: CheckedFilter | null =
    unlessNamed && !named.includes(unlessNamed.dimension) ? { op: "neq", ...unlessNamed } : null;
  const whole = { ...question, filter: both(filter, hidden) };
  const mart = martOf(dataset);
  if (!mart) return whole;
  const level = levelOf(dataset, mart, whole);
  return typeof level === "string" ? { ...whole, level } : level;
}

/** Rows that pass two filters; null stands for none. */
export function both(one: CheckedFilter | null, other: CheckedFilter | null): CheckedFilter | null {
  return one && other ? { and: [one, other] } : (one ?? other);
}

/** The dataset that a query names. */
export function datasetOf({ dataset }: ShapedQuery): Dataset | Refusal {
  if (dataset === undefined) return refuse("invalid_request", "dataset", "The query names no dataset");
  const found = findDataset(dataset);
  return isUnknown(found) ? refuseUnknown(found, "dataset") : found;
}

/** The question that a query puts to metrics of a dataset. What it orders by is not checked. */
export function questionOf(
  asked: ShapedQuery,
  { dataset, metrics }: { dataset: Dataset; metrics: Metric[] },
  asker: QueryContext,
): Question | Refusal {
  const hours = refuseHours(asked, dataset);
  if (hours) return hours;
  const names = eachKnown(asked.dimensions, "dimensions", (name) => findDimension(dataset, name));
  if (isRefusal(names)) return names;
  const split = splitTime(names, asked.granularity);
  if (isRefusal(split)) return split;
  const filter = checkFilter(asked.filters, dataset);
  if (filter && isRefusal(filter)) return filter;
  const zone = asked.timezone ?? asker.timezone;
  if (!isZone(zone)) return refuse("invalid_request", "timezone", `${zone} is not an IANA time zone`);
  const range = resolveRange(asked.range, zone, asker.now);
  if (isRefusal(range)) return range;
  const question: Question = {
    dataset,
    level: null,
    metrics,
    ...split,
    filter,
    zone,
    range,
    compared: comparedRange(range, asked.compare, zone),
    orderBy: asked.order_by ?? [],
    limit: asked.limit,
    currency: asker.currency,
    now: asker.now,
  };
  return refuseLength(question) ?? question;
}

function eachKnown<T extends object>(
  names: string[],
  path: string,
  find: (name: string) => T | Parameters<typeof refuseUnknown>[0],
): T[] | Refusal {
  const found: T[] = [];
  for (const [i, name] of names.entries()) {
    const one = find(name);
    if (isUnknown(one)) return refuseUnknown(one, `${path}.${i}`);
    if (names.indexOf(name) === i) found.push(one);
  }
  return found;
}

/** Takes time out of the dimensions: `granularity` is short for the time dimension, first. */
function splitTime(dimensions: Dimension[], granularity: Granularity | undefined) {
  const grains = dimensions.flatMap(({ origin }) => (origin.kind === "time" ? [origin.grain] : []));
  const all = new Set(granularity ? [granularity, ...grains] : grains);
  if (all.size > 1)
    return refuse("unprocessable", "dimensions", `One width of time, not ${[...all].join(" and ")}`);
  for (const [i, { name, origin }] of dimensions.entries()) {
    if (origin.kind === "related" && origin.many) {
      const detail = `${name} can be filtered by, but a session has several: break down the dataset ${origin.dataset} by it`;
      return refuse("unprocessable", `dimensions.${i}`, detail);
    }
  }
  const [grain = null] = all;
  return {
    dimensions: dimensions.filter(({ origin }) => origin.kind !== "time"),
    grain,
    timeFirst: grains.length === 0 || dimensions[0]?.origin.kind === "time",
  };
}

/** Refuses hours of what has whole days. */
function refuseHours({ dimensions, granularity }: ShapedQuery, dataset: Dataset): Refusal | null {
  const isAsked = granularity === "hour" || dimensions.includes("time:hour");
  if (!isAsked || Object.hasOwn(dataset.dimensions, "time:hour")) return null;
  const detail = `${dataset.label} are told by whole days, which have no hours: ask for day, week or month`;
  return refuse("unprocessable", granularity === "hour" ? "granularity" : "dimensions", detail);
}

const zones = new Set<string>();

/** Asking Intl costs a tenth of a millisecond, so zones that it knows are remembered. */
function isZone(zone: string): boolean {
  if (zones.has(zone)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    zones.add(zone);
    return true;
  } catch {
    return false;
  }
}

/** Refuses to order by what is no column. */
export function refuseOrder({
  orderBy,
  metrics,
  dimensions,
  grain,
}: Pick<Question, "orderBy" | "dimensions" | "grain"> & { metrics: { name: string }[] }): Refusal | null {
  const known = [...metrics, ...dimensions].map(({ name }) => name);
  if (grain) known.push(`time:${grain}`);
  for (const [i, { name }] of orderBy.entries()) {
    if (!known.includes(name)) {
      return refuse(
        "unknown_name",
        `order_by.${i}.name`,
        `${name} is not a column; there are ${known.join(", ")}`,
      );
    }
  }
  return null;
}

function refuseLength({ range, grain, zone }: Question): Refusal | null {
  if (!grain) return null;
  const shortest = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 }[grain];
  if ((range.to - range.from) / shortest <= MAX_BUCKETS * 1.1) {
    const buckets = bucketsOf(range, grain, zone).length;
    if (buckets <= MAX_BUCKETS) return null;
  }
  return refuse(
    "unprocessable",
    "granularity",
    `The range has over ${MAX_BUCKETS} buckets of one ${grain}: ask for wider ones`,
  );
}
