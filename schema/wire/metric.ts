/**
 * Defined metrics: an aggregation of a dataset, or a formula of other metrics.
 * @module
 */
import { z } from "zod";
import { filterSchema, nameSchema } from "./filter";
import { strict } from "./strict";

/** Names in formulas, queries and files: `signup_rate`. */
export const metricNameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,62}$/, "Use lower-case letters, digits and _, starting with a letter");

/** `unique` counts distinct values. All others except `count` read the field as a number and skip other values. */
export const AGGREGATIONS = ["count", "unique", "sum", "average", "min", "max", "median", "p95"] as const;
export const aggregationSchema = z.enum(AGGREGATIONS);
export type Aggregation = z.infer<typeof aggregationSchema>;

/**
 * `currency:EUR` names an ISO 4217 currency; `currency` is the project's currency; results have its code.
 */
export const unitSchema = z.union([
  z.enum(["count", "ratio", "ms", "currency"]),
  z.string().regex(/^currency:[A-Z]{3}$/),
]);
export type Unit = z.infer<typeof unitSchema>;
export const METRIC_FORMATS = ["integer", "decimal", "percent", "duration", "currency"] as const;

export const MAX_FORMULA_LENGTH = 1000;

export const metricRuleSchema = z.discriminatedUnion("kind", [
  strict({
    kind: z.literal("aggregate"),
    dataset: nameSchema,
    aggregation: aggregationSchema,
    /** A dimension of the dataset or `property:<key>`; optional for `count`, which then counts rows; with it, rows that have it. */
    field: z.string().max(255).optional(),
    filters: filterSchema.optional(),
    /** Unit of the field's values, for aggregations that preserve it. Default: `count`. */
    unit: unitSchema.optional(),
  }),
  strict({
    kind: z.literal("formula"),
    /** Names are `events.visitors` (dataset and metric) or defined metrics. */
    formula: z.string().min(1).max(MAX_FORMULA_LENGTH),
  }),
]);
export type MetricRule = z.infer<typeof metricRuleSchema>;

/** A definition, as in the builder's preview and in files. */
export const metricDefinitionSchema = strict({
  name: metricNameSchema,
  label: z.string().trim().min(1).max(120),
  description: z.string().max(1000).default(""),
  rule: metricRuleSchema,
  /** Default: a format that fits the unit of the rule. */
  format: z.enum(METRIC_FORMATS).optional(),
  /** `up`: more is better. */
  good: z.enum(["up", "down"]).nullable().default("up"),
});
export type MetricDefinition = z.infer<typeof metricDefinitionSchema>;

/** Who can see a metric or a dashboard: its author, or all members of the organization. */
export const sharingSchema = z.enum(["private", "organization"]);
export type Sharing = z.infer<typeof sharingSchema>;

export const metricCreateSchema = metricDefinitionSchema.extend({
  sharing: sharingSchema.default("organization"),
});
const { description, good, sharing } = metricCreateSchema.shape;
/** Without defaults, which zod would fill in: fields that are missing do not change. */
export const metricUpdateSchema = metricCreateSchema
  .extend({ description: description.unwrap(), good: good.unwrap(), sharing: sharing.unwrap() })
  .partial()
  .extend({
    /** The version that the change is based on. With another one the code is `version_conflict`. */
    version: z.number().int(),
    /** Set by an admin: the definition is official. A later change of the rule unsets it. */
    verified: z.boolean().optional(),
  });
export const metricSchema = metricCreateSchema.extend({
  id: z.string(),
  organization_id: z.string(),
  /** Unit of the rule. */
  unit: unitSchema,
  verified: z.boolean(),
  created_by: z.string(),
  version: z.number().int(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
});
export type Metric = z.infer<typeof metricSchema>;

/** Uses of a metric: formulas of other metrics, and dashboards. */
export const metricUsesSchema = z.object({
  data: z.array(
    z.object({
      kind: z.enum(["metric", "dashboard"]),
      id: z.string(),
      name: z.string(),
      /** For a dashboard. */
      project_id: z.string().nullable(),
    }),
  ),
});
export type MetricUse = z.infer<typeof metricUsesSchema>["data"][number];

/** A template of a metric. Its filters and fields are examples to replace. */
export const metricTemplateSchema = metricDefinitionSchema.extend({
  /** Other templates that the formula uses. */
  needs: z.array(metricNameSchema),
});
export type MetricTemplate = z.infer<typeof metricTemplateSchema>;
