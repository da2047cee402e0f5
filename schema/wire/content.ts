/**
 * Content as code: shared metrics and dashboards as documents of text files (YAML or JSON).
 * @module
 */
import { z } from "zod";
import { dashboardContentSchema, slugSchema } from "./dashboard";
import { metricDefinitionSchema } from "./metric";
import { strict } from "./strict";

export const metricDocumentSchema = metricDefinitionSchema.extend({ kind: z.literal("metric") });
export type MetricDocument = z.infer<typeof metricDocumentSchema>;

export const dashboardDocumentSchema = dashboardContentSchema.extend({
  kind: z.literal("dashboard"),
  /** Name in files: it does not change when the dashboard is renamed. */
  id: slugSchema,
});
export type DashboardDocument = z.infer<typeof dashboardDocumentSchema>;

/** One document; a file contains one or more, in YAML separated by `---`, in JSON as a list. */
export const contentDocumentSchema = z.discriminatedUnion("kind", [
  metricDocumentSchema,
  dashboardDocumentSchema,
]);
export type ContentDocument = z.infer<typeof contentDocumentSchema>;

/** Most files of one request, and most characters of each. */
export const MAX_CONTENT_FILES = 500;
const MAX_FILE_LENGTH = 500_000;

export const contentFileSchema = z.object({
  /** `dashboards/web-overview.yaml`. */
  path: z.string().min(1).max(500),
  text: z.string().max(MAX_FILE_LENGTH),
});
export type ContentFile = z.infer<typeof contentFileSchema>;
export const contentFilesSchema = z.object({ files: z.array(contentFileSchema) });

export const contentRequestSchema = strict({
  files: z.array(strict(contentFileSchema.shape)).max(MAX_CONTENT_FILES),
  /** Whether to delete shared metrics and dashboards that are in no file. */
  prune: z.boolean().default(false),
});
export type ContentRequest = z.infer<typeof contentRequestSchema>;

/** An error and its position. Lines and columns count from 1. */
export const contentFaultSchema = z.object({
  file: z.string(),
  line: z.number().int(),
  column: z.number().int(),
  /** Path in the document: `widgets.3.query.metrics.0`. */
  path: z.string(),
  message: z.string(),
});
export type ContentFault = z.infer<typeof contentFaultSchema>;

const changeSchema = z.object({
  kind: z.enum(["metric", "dashboard"]),
  /** Name of the metric or slug of the dashboard. */
  id: z.string(),
  change: z.enum(["created", "changed", "deleted"]),
  /** Of `changed`: `label`, `widgets.visitors.query.dataset`. */
  fields: z.array(z.string()),
});
export type ContentChange = z.infer<typeof changeSchema>;

export const contentValidationSchema = z.object({ valid: z.boolean(), faults: z.array(contentFaultSchema) });
/** If there are faults, nothing is compared and nothing is applied. */
export const contentDiffSchema = contentValidationSchema.extend({ changes: z.array(changeSchema) });
export type ContentDiff = z.infer<typeof contentDiffSchema>;
export const contentAppliedSchema = contentDiffSchema.extend({ applied: z.boolean() });
