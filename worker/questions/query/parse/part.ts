/**
 * Checks what a query requests of one dataset: dimensions, filter, time zone, range.
 * @module
 */
import type { z } from "zod";
import type { Granularity, querySchema } from "../../../../schema/wire/query";
import { Lru } from "../../../lib/lru";
import { bucketsOf } from "../../../lib/time";
import {
  type BaseMetric,
  type Dataset,
  type Dimension,
  findDimension,
  isUnknown,
  martOf,
} from "../../metrics";
import { MAX_BUCKETS } from "../plan/limits";
import { both, type CheckedFilter, checkFilter, dimensionsOf } from "./filter";
import { levelOf } from "./level";
import type { QueryContext, QueryPart, QueryShape } from "./parsed-query";
import { comparedRange, resolveRange } from "./range";
import { isRefusal, type Refusal, refuse, refuseUnknown } from "./refusal";

/** A query whose shape is valid, with the defaults filled in. */
export type QueryInput = z.output<typeof querySchema>;

/** The metrics of one dataset and one filter that a query computes. */
export type MetricGroup = readonly [BaseMetric, ...BaseMetric[]];

/** Checks a query against the dataset of a group of metrics. Order and metrics are not checked. */
export function parsePart(
  query: QueryInput,
  bases: MetricGroup,
  context: QueryContext,
): { shape: QueryShape; part: QueryPart } | Refusal {
  const [{ dataset, filters, metric }] = bases;
  const shape = shapeOf(query, dataset, context);
  if (isRefusal(shape)) return shape;
  const filter = checkFilter(query.filters, dataset);
  if (filter && isRefusal(filter)) return filter;
  const own = checkFilter(filters, dataset);
  if (own && isRefusal(own)) return inDefinition(own, metric.name);
  const metrics = bases.map((base) => base.metric);
  const part = placePart({ dataset, level: null, metrics, filter: both(filter, own) }, shape.dimensions);
  return isRefusal(part) ? part : { shape, part };
}

function shapeOf(query: QueryInput, dataset: Dataset, context: QueryContext): QueryShape | Refusal {
  const hours = refuseHours(query, dataset);
  if (hours) return hours;
  const dimensions: Dimension[] = [];
  for (const [i, name] of query.dimensions.entries()) {
    const found = findDimension(dataset, name);
    if (isUnknown(found)) return refuseUnknown(found, `dimensions.${i}`);
    if (query.dimensions.indexOf(name) === i) dimensions.push(found);
  }
  const split = splitTime(dimensions, query.granularity);
  if (isRefusal(split)) return split;
  const zone = query.timezone ?? context.timezone;
  if (!isZone(zone)) {
    return refuse(
      "time_zone_unknown",
      "timezone",
      `\`${zone}\` is not an IANA time zone, such as Europe/Berlin`,
    );
  }
  const range = resolveRange(query.range, zone, context.now);
  if (isRefusal(range)) return range;
  const shape: QueryShape = {
    ...split,
    zone,
    range,
    compared: comparedRange(range, query.compare, zone),
    orderBy: query.order_by ?? [],
    limit: query.limit,
    currency: context.currency,
    now: context.now,
  };
  return refuseLength(shape) ?? shape;
}

/** Adds the dataset's default filter (`unlessNamed`) and, for a mart, the level to read. */
function placePart(part: QueryPart, dimensions: readonly Dimension[]): QueryPart | Refusal {
  const { dataset, filter } = part;
  const { unlessNamed } = dataset;
  const named = [...dimensions.map(({ name }) => name), ...dimensionsOf(filter)];
  const hidden: CheckedFilter | null =
    unlessNamed && !named.includes(unlessNamed.dimension) ? { op: "neq", ...unlessNamed } : null;
  const whole = { ...part, filter: both(filter, hidden) };
  const mart = martOf(dataset);
  if (!mart) return whole;
  const level = levelOf(mart, whole, dimensions);
  return typeof level === "string" ? { ...whole, level } : level;
}

/** Removes time from the dimensions. `granularity` is short for the time dimension in first position. */
function splitTime(dimensions: Dimension[], granularity: Granularity | undefined) {
  const grains = dimensions.flatMap(({ origin }) => (origin.kind === "time" ? [origin.grain] : []));
  const all = new Set(granularity ? [granularity, ...grains] : grains);
  if (all.size > 1) {
    const detail = `A query takes one granularity, not ${[...all].join(" and ")}`;
    return refuse("granularity_conflict", "dimensions", detail);
  }
  for (const [i, { name, origin }] of dimensions.entries()) {
    if (origin.kind === "related" && origin.many) {
      const detail =
        `\`${name}\` can be used as a filter only: a session has several values of it. ` +
        `To group by it, query the dataset \`${origin.dataset}\``;
      return refuse("dimension_not_groupable", `dimensions.${i}`, detail);
    }
  }
  const [grain = null] = all;
  return {
    dimensions: dimensions.filter(({ origin }) => origin.kind !== "time"),
    grain,
    timeFirst: grains.length === 0 || dimensions[0]?.origin.kind === "time",
  };
}

/** Refuses hours for datasets with daily rows. */
function refuseHours({ dimensions, granularity }: QueryInput, dataset: Dataset): Refusal | null {
  const isHourly = granularity === "hour" || dimensions.includes("time:hour");
  if (!isHourly || Object.hasOwn(dataset.dimensions, "time:hour")) return null;
  const detail = `${dataset.label} data is daily: use day, week or month as granularity`;
  return refuse("granularity_not_supported", granularity === "hour" ? "granularity" : "dimensions", detail);
}

const knownZones = new Lru<string, true>({ maxSize: 32_000, sizeOf: (_, zone) => zone.length });

/** Asking Intl takes 0.1 ms, so known zones are cached. */
function isZone(zone: string): boolean {
  if (knownZones.get(zone)) return true;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    knownZones.set(zone, true);
    return true;
  } catch {
    return false;
  }
}

function refuseLength({ range, grain, zone }: QueryShape): Refusal | null {
  if (!grain) return null;
  const shortest = { hour: 3_600_000, day: 86_400_000, week: 604_800_000, month: 2_592_000_000 }[grain];
  if ((range.to - range.from) / shortest <= MAX_BUCKETS * 1.1) {
    const buckets = bucketsOf(range, grain, zone).length;
    if (buckets <= MAX_BUCKETS) return null;
  }
  const detail = `The range has more than ${MAX_BUCKETS} buckets of one ${grain}: use a wider granularity or a shorter range`;
  return refuse("too_many_buckets", "granularity", detail);
}

function inDefinition(refusal: Refusal, name: string): Refusal {
  const errors = refusal.errors?.map((error) => ({ ...error, path: `define.${name}.${error.path}` }));
  return { ...refusal, detail: `${name}: ${refusal.detail}`, errors };
}
