/**
 * Public links: one dashboard, read-only, for everyone who has the URL.
 * @module
 */
import { z } from "zod";
import { dashboardContentSchema } from "./dashboard";
import { problemSchema } from "./error";
import { filterSchema } from "./filter";
import { METRIC_FORMATS, unitSchema } from "./metric";
import { rangeSchema, resultSchema } from "./query";
import { strict } from "./strict";

/** Groups of fewer people are folded into `(other)`, so that a public page does not identify people. */
export const MIN_GROUP = 5;

export const linkCreateSchema = strict({
  name: z.string().trim().min(1).max(120).default("Public link"),
  password: z.string().min(4).max(128).optional(),
  expires_at: z.number().int().nullable().default(null),
  /** Replaces the dashboard's own. */
  range: rangeSchema.optional(),
  /** In addition to the dashboard's own. */
  filters: filterSchema.optional(),
  /** Pages that may embed it, as sources of `frame-ancestors`; empty: none. */
  embed_in: z
    .array(
      z
        .string()
        .max(255)
        .regex(/^(https?:\/\/)?(\*\.)?[a-z0-9.-]+(:\d+)?$/i, "A host such as https://example.com"),
    )
    .max(20)
    .default([]),
});
export const linkSchema = linkCreateSchema.omit({ password: true }).extend({
  id: z.string(),
  dashboard_id: z.string(),
  has_password: z.boolean(),
  created_by: z.string(),
  created_at: z.number().int(),
  revoked_at: z.number().int().nullable(),
});
export type Link = z.infer<typeof linkSchema>;
/** `token` is part of the URL and returned only once; only its hash is stored. */
export const linkCreatedSchema = linkSchema.extend({ token: z.string() });

export const unlockSchema = strict({ password: z.string().min(1).max(128) });
/** Proof that the password was entered, for `X-Unlock` where cookies are not available (embedded pages). */
export const unlockedSchema = z.object({ unlocked: z.string(), expires_in: z.number().int() });
/** Label and format of a metric of the dashboard. */
export const publicMeasureSchema = z.object({
  label: z.string(),
  unit: unitSchema,
  format: z.enum(METRIC_FORMATS).optional(),
  good: z.enum(["up", "down"]).nullable(),
});
export type PublicMeasure = z.infer<typeof publicMeasureSchema>;
/** The public view of a dashboard, with the results of its widgets by id. */
export const publicDashboardSchema = z.object({
  dashboard: dashboardContentSchema.omit({ filters: true }),
  timezone: z.string(),
  /** Pages that may embed it, for `frame-ancestors`. */
  embed_in: linkSchema.shape.embed_in,
  /** By their names in the widgets' queries. */
  measures: z.record(z.string(), publicMeasureSchema),
  results: z.record(z.string(), z.union([resultSchema, problemSchema])),
});
export type PublicDashboard = z.infer<typeof publicDashboardSchema>;
