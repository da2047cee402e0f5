/**
 * Metrics that people define: an aggregation of a dataset, or a formula of other metrics.
 * @module
 */
import { z } from "zod";
import { filterSchema } from "./filter";

/** Names in formulas, queries and files: `signup_rate`. */
export const metricNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "Lower-case letters, digits and _, beginning with a letter");

/** `unique` counts distinct values; the others but `count` read the field as a number and pass over what is none. */
export const AGGREGATIONS = ["count", "unique", "sum", "average", "min", "max", "median", "p95"] as const;
export const aggregationSchema = z.enum(AGGREGATIONS);
export type Aggregation = z.infer<typeof aggregationSchema>;

/**
 * `currency:EUR` names an ISO 4217 currency; `currency` is that of the project, which answers name.
 */
export const unitSchema = z.union([
  z.enum(["count", "ratio", "ms", "currency"]),
  z.string().regex(/^currency:[A-Z]{3}$/),
]);
export type Unit = z.infer<typeof unitSchema>;
export const METRIC_FORMATS = ["integer", "decimal", "percent", "duration", "currency"] as const;

export const MAX_FORMULA_LENGTH = 1000;

export const metricRuleSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("aggregate"),
    dataset: z.string(),
    aggregation: aggregationSchema,
    /** A dimension of the dataset or `property:<key>`; only `count` does without (rows), with it: rows that have it. */
    field: z.string().max(255).optional(),
    filters: filterSchema.optional(),
    /** Unit of the field's values, for aggregations that keep it. `count` when left out. */
    unit: unitSchema.optional(),
  }),
  z.object({
    kind: z.literal("formula"),
    /** Names are `events.visitors` (dataset and its metric) or those of other defined metrics. */
    formula: z.string().min(1).max(MAX_FORMULA_LENGTH),
  }),
]);
export type MetricRule = z.infer<typeof metricRuleSchema>;

/** What a definition says; what the builder previews and a file holds. */
export const metricDefinitionSchema = z.object({
  name: metricNameSchema,
  label: z.string().trim().min(1).max(120),
  description: z.string().max(1000).default(""),
  rule: metricRuleSchema,
  /** Left out: what fits the unit that the rule yields. */
  format: z.enum(METRIC_FORMATS).optional(),
  /** `up`: more is better. */
  good: z.enum(["up", "down"]).nullable().default("up"),
});
export type MetricDefinition = z.infer<typeof metricDefinitionSchema>;

/** Who may see a metric or a dashboard: its maker, or everyone of the organisation. */
export const sharingSchema = z.enum(["private", "organization"]);
export type Sharing = z.infer<typeof sharingSchema>;

export const metricCreateSchema = metricDefinitionSchema.extend({
  sharing: sharingSchema.default("organization"),
});
const { description, good, sharing } = metricCreateSchema.shape;
/** Without the defaults, which zod also fills in below `partial`: a change leaves alone what it does not name. */
export const metricUpdateSchema = metricCreateSchema
  .extend({ description: description.unwrap(), good: good.unwrap(), sharing: sharing.unwrap() })
  .partial()
  .extend({
    /** The version that the change rests on: another one answers `conflict`. */
    version: z.number().int(),
    /** Set by an admin: the definition is the organisation's own. Any later change of the rule unsets it. */
    verified: z.boolean().optional(),
  });
export const metricSchema = metricCreateSchema.extend({
  id: z.string(),
  organization_id: z.string(),
  /** Unit that the rule yields. */
  unit: unitSchema,
  verified: z.boolean(),
  created_by: z.string(),
  version: z.number().int(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
});
export type Metric = z.infer<typeof metricSchema>;

/** What asks for a metric: formulas of other metrics, and widgets. */
export const metricUsesSchema = z.object({
  data: z.array(
    z.object({
      kind: z.enum(["metric", "dashboard"]),
      id: z.string(),
      name: z.string(),
      /** Of a dashboard. */
      project_id: z.string().nullable(),
    }),
  ),
});
export type MetricUse = z.infer<typeof metricUsesSchema>["data"][number];

/** A metric to start from. Its filters and fields are examples: put your own names in their place. */
export const metricTemplateSchema = metricDefinitionSchema.extend({
  /** Other templates that the formula names. */
  needs: z.array(metricNameSchema),
});
export type MetricTemplate = z.infer<typeof metricTemplateSchema>;
