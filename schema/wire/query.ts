/**
 * Queries and their results.
 * @module
 */
import { z } from "zod";
import { filterSchema, nameSchema } from "./filter";
import { metricNameSchema, metricRuleSchema } from "./metric";
import { boundedRecord, strict } from "./strict";

export const GRANULARITIES = ["hour", "day", "week", "month"] as const;
export const granularitySchema = z.enum(GRANULARITIES);
export type Granularity = z.infer<typeof granularitySchema>;

/** Presets end now (`24h`, `7d`, …) or are whole days of the zone (`today`, `yesterday`). */
export const PRESETS = ["24h", "7d", "30d", "90d", "12mo", "today", "yesterday"] as const;
export const presetSchema = z.enum(PRESETS);
export type Preset = z.infer<typeof presetSchema>;

/** A time or date in ISO 8601, with room for a zone's name. */
export const instantSchema = z.string().max(64);
/** Half-open `[from, to)`; ISO 8601 (a bare date is the zone's midnight) or a preset in `from` alone. */
export const rangeSchema = z.union([
  presetSchema,
  strict({ from: instantSchema, to: instantSchema.optional() }),
]);
export type Range = z.infer<typeof rangeSchema>;

/** `previous`: the range of equal length just before. `year`: the same range a year ago. */
export const compareSchema = z.enum(["none", "previous", "year"]);

/** IANA time zone. */
export const timezoneSchema = z.string().max(64);

/** Queries of one request. */
export const MAX_QUERIES = 50;
/** Metrics of a query that it defines itself. */
const MAX_DEFINED = 100;

export const querySchema = strict({
  /** Optional when every metric is a defined one. */
  dataset: nameSchema.optional(),
  /** Metrics of the dataset, or `metric:<name>` for a defined one. */
  metrics: z.array(nameSchema).min(1).max(20),
  dimensions: z.array(nameSchema).max(4).default([]),
  filters: filterSchema.optional(),
  range: rangeSchema.default("7d"),
  granularity: granularitySchema.optional(),
  /** IANA time zone. Default: the project's. */
  timezone: timezoneSchema.optional(),
  compare: compareSchema.default("none"),
  order_by: z
    .array(strict({ name: nameSchema, direction: z.enum(["asc", "desc"]).default("desc") }))
    .max(20)
    .optional(),
  limit: z.number().int().min(1).max(10_000).default(100),
  /** Metrics of this query only, used as `metric:<name>`. They replace stored ones of the same name. */
  define: boundedRecord(metricNameSchema, metricRuleSchema, MAX_DEFINED).optional(),
});
export type Query = z.input<typeof querySchema>;

export const metaSchema = z.object({
  source: z.enum(["rollup", "lake"]),
  /** Epoch ms: all events accepted before are included. Null before the first fold. */
  complete_until: z.number().int().nullable(),
  rows_scanned: z.number().int(),
  bytes_scanned: z.number().int(),
  approximate: z
    .boolean()
    .describe(
      "True when some number or the order of the rows is not exact: a row has `bounds`; a value that is in `(other)` may " +
        "belong among the rows; a distinct count is estimated by a HyperLogLog sketch (standard error 0.81 %), or a median " +
        "or 95th percentile of many values by a DDSketch (relative error at most 1 %).",
    ),
  folded: z
    .boolean()
    .optional()
    .describe(
      "True when the breakdown has more lines than a query may have (50,000, fewer with many metrics): `(other)` has " +
        "the rows of those that came last.",
    ),
  elapsed_ms: z.number(),
});
export type Meta = z.infer<typeof metaSchema>;

export const cellSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const rowBoundsSchema = z
  .record(z.string(), z.number().nullable())
  .describe(
    "Metric → the most by which it may differ from its exact value; null: not known, as of ratios. Exact ones are omitted.",
  );
export type RowBounds = z.infer<typeof rowBoundsSchema>;

export const resultSchema = z.object({
  columns: z.array(
    z.object({ name: z.string(), type: z.enum(["string", "number", "time"]), unit: z.string().optional() }),
  ),
  rows: z
    .array(z.array(cellSchema))
    .describe(
      "Rare values of a dimension are stored together: they are the row `(other)`, which comes last and is not counted " +
        "toward `limit`. Rows beyond `limit` are not part of it.",
    ),
  bounds: z
    .array(rowBoundsSchema.nullable())
    .optional()
    .describe(
      "For each row, null when it is exact; absent when all rows are. Values that were stored in `(other)` on some days " +
        "are read from single events if the query's budget allows, and have bounds otherwise.",
    ),
  totals: z.record(z.string(), z.number().nullable()).optional(),
  meta: metaSchema,
});
export type QueryResult = z.infer<typeof resultSchema>;
/** A row of a result: a cell for each column. */
export type ResultRow = QueryResult["rows"][number];
