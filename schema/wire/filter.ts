/**
 * Conditions on dimensions, and their combinations.
 * @module
 */
import { z } from "zod";

export const FILTER_OPS = [
  "eq",
  "neq",
  "in",
  "contains",
  "starts_with",
  "matches",
  "gt",
  "lt",
  "is_set",
] as const;
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const conditionSchema = z.object({
  dimension: z.string(),
  op: z.enum(FILTER_OPS),
  /** A list for `in`; a glob with `*` for `matches`; true or false for `is_set`. */
  value: z.union([scalar, z.array(scalar)]).optional(),
});
export type Condition = z.infer<typeof conditionSchema>;
export type Filter = Condition | { and: Filter[] } | { or: Filter[] } | { not: Filter };
export const filterSchema: z.ZodType<Filter, Filter> = z.lazy(() =>
  z.union([
    conditionSchema,
    z.object({ and: z.array(filterSchema) }),
    z.object({ or: z.array(filterSchema) }),
    z.object({ not: filterSchema }),
  ]),
);
