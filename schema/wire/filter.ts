/**
 * Conditions on dimensions, and their combinations.
 * @module
 */
import { z } from "zod";
import { strict } from "./strict";

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

/** Conditions of a filter, and parts of an `and` or `or`. */
export const MAX_CONDITIONS = 50;
/** Levels of `and`, `or` and `not`. */
export const MAX_FILTER_DEPTH = 20;
/** Values of `in`. */
export const MAX_FILTER_VALUES = 1000;
/** Characters of a value: as long as any that events have. */
const MAX_VALUE_LENGTH = 4096;

/** Numbers of a query, positive or negative. */
export const MAX_NUMBER = 1e15;

/** Name of a dimension, metric or dataset: `property:<key>` is the longest. */
export const nameSchema = z.string().max(300);

const scalar = z.union([
  z.string().max(MAX_VALUE_LENGTH),
  z.number().min(-MAX_NUMBER).max(MAX_NUMBER),
  z.boolean(),
  z.null(),
]);
const conditionSchema = strict({
  dimension: nameSchema,
  op: z.enum(FILTER_OPS),
  /** A list for `in`; a glob with `*` for `matches`; true or false for `is_set`. */
  value: z.union([scalar, z.array(scalar).max(MAX_FILTER_VALUES)]).optional(),
});
export type Condition = z.infer<typeof conditionSchema>;
export type Filter = Condition | { and: Filter[] } | { or: Filter[] } | { not: Filter };
export const filterSchema: z.ZodType<Filter, Filter> = z.lazy(() =>
  z.union([
    conditionSchema,
    strict({ and: z.array(filterSchema).max(MAX_CONDITIONS) }),
    strict({ or: z.array(filterSchema).max(MAX_CONDITIONS) }),
    strict({ not: filterSchema }),
  ]),
);
