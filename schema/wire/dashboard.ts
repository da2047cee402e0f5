/**
 * Dashboards: widgets on a grid, most of which show a query.
 * @module
 */
import { z } from "zod";
import { problemSchema } from "./error";
import { filterSchema, MAX_NUMBER, nameSchema } from "./filter";
import { metricDefinitionSchema, sharingSchema } from "./metric";
import { compareSchema, querySchema, rangeSchema, resultSchema } from "./query";
import { strict } from "./strict";
import { widgetKindSchema, widgetKindSpec } from "./widget-kind";

/** Columns of the grid; a unit of height is 80 px. */
export const GRID_COLUMNS = 12;
export const MAX_GRID_ROWS = 400;
export const MAX_WIDGETS = 60;

export type { WidgetKind } from "./widget-kind";

/** In grid units from the upper left corner. */
export const placeSchema = strict({
  x: z
    .number()
    .int()
    .min(0)
    .max(GRID_COLUMNS - 1),
  y: z.number().int().min(0).max(MAX_GRID_ROWS),
  w: z.number().int().min(1).max(GRID_COLUMNS),
  h: z.number().int().min(1).max(40),
}).refine(({ x, w }) => x + w <= GRID_COLUMNS, {
  path: ["w"],
  params: { code: "widget_outside_grid" },
  message: `x + w must be at most ${GRID_COLUMNS}`,
});
export type Place = z.infer<typeof placeSchema>;

/** The query of a widget. Range, comparison and time zone are those of the dashboard unless the widget has its own. */
export const widgetQuerySchema = strict({
  /** Optional when every metric is a defined one. */
  dataset: nameSchema.optional(),
  /** Metrics of the dataset, or `metric:<name>` for a defined one. */
  metrics: z.array(nameSchema).min(1).max(10),
  dimensions: z.array(nameSchema).max(3).default([]),
  filters: filterSchema.optional(),
  range: rangeSchema.optional(),
  granularity: querySchema.shape.granularity,
  order_by: querySchema.shape.order_by,
  limit: z.number().int().min(1).max(1000).optional(),
});
export type WidgetQuery = z.infer<typeof widgetQuerySchema>;

export const widgetIdSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/);

export const widgetSchema = strict({
  /** Unique in the dashboard. It does not change in edits: comments and files refer to it. */
  id: widgetIdSchema,
  kind: widgetKindSchema,
  title: z.string().max(200).default(""),
  place: placeSchema,
  query: widgetQuerySchema.optional(),
  /** For `number`: the target value. */
  target: z.number().min(-MAX_NUMBER).max(MAX_NUMBER).optional(),
  /** For `text`: Markdown. */
  text: z.string().max(20_000).optional(),
}).refine((widget) => widget[widgetKindSpec(widget.kind).content] !== undefined, {
  params: { code: "widget_content_missing" },
  message: "A text widget requires `text`, every other kind a `query`",
});
export type Widget = z.infer<typeof widgetSchema>;

/** The content of a dashboard, as in files. */
export const dashboardContentSchema = strict({
  name: z.string().trim().min(1).max(120),
  description: z.string().max(2000).default(""),
  range: rangeSchema.default("30d"),
  compare: compareSchema.default("previous"),
  filters: filterSchema.optional(),
  widgets: z
    .array(widgetSchema)
    .max(MAX_WIDGETS)
    .refine((widgets) => new Set(widgets.map(({ id }) => id)).size === widgets.length, {
      params: { code: "widget_id_repeated" },
      message: "Widget ids must be unique",
    })
    .default([]),
});
export type DashboardContent = z.infer<typeof dashboardContentSchema>;

export const dashboardCreateSchema = dashboardContentSchema.extend({
  sharing: sharingSchema.default("organization"),
});
const { description, range, compare, widgets, sharing } = dashboardCreateSchema.shape;
/** Without defaults, which zod would fill in: fields that are missing do not change. */
export const dashboardUpdateSchema = dashboardCreateSchema
  .extend({
    description: description.unwrap(),
    range: range.unwrap(),
    compare: compare.unwrap(),
    widgets: widgets.unwrap(),
    sharing: sharing.unwrap(),
    /** Null removes them. */
    filters: filterSchema.nullable(),
  })
  .partial()
  .extend({
    /** The version that the change is based on. With another one the code is `version_conflict`. */
    version: z.number().int(),
  });
/** Name of a dashboard in files and URLs: `web-overview`. */
export const slugSchema = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Use lower-case letters, digits and single hyphens");

export const dashboardSchema = dashboardCreateSchema.extend({
  id: z.string(),
  project_id: z.string(),
  /** Unique in the project. It does not change with the name; null while the dashboard is private. */
  slug: slugSchema.nullable(),
  created_by: z.string(),
  version: z.number().int(),
  created_at: z.number().int(),
  updated_at: z.number().int(),
});
export type Dashboard = z.infer<typeof dashboardSchema>;
export const dashboardListSchema = z.object({
  data: z.array(
    dashboardSchema
      .omit({ widgets: true, filters: true, range: true, compare: true })
      .extend({ widgets: z.number().int() }),
  ),
});
export type DashboardList = z.infer<typeof dashboardListSchema>;

/** A new dashboard: from a template, or with content. */
export const dashboardNewSchema = z.union([
  strict({
    template: slugSchema,
    /** Default: the template's name. */
    name: dashboardContentSchema.shape.name.optional(),
    sharing: sharingSchema.default("organization"),
  }),
  dashboardCreateSchema,
]);

export const dashboardTemplateSchema = z.object({
  id: slugSchema,
  content: dashboardContentSchema,
  /** Defined metrics that it uses; missing ones are created with it. */
  metrics: z.array(metricDefinitionSchema),
});
export type DashboardTemplate = z.infer<typeof dashboardTemplateSchema>;

/** Overrides of the dashboard's own settings when its results are requested. */
export const resultsRequestSchema = strict({
  range: rangeSchema.optional(),
  compare: compareSchema.optional(),
  filters: filterSchema.optional(),
  /** Widgets instead of the dashboard's own, for previews in the editor. */
  widgets: z.array(widgetSchema).max(MAX_WIDGETS).optional(),
});
export type ResultsRequest = z.infer<typeof resultsRequestSchema>;
/** A result or a problem for each widget with a query, by its id. */
export const dashboardResultsSchema = z.object({
  version: z.number().int(),
  timezone: z.string(),
  results: z.record(z.string(), z.union([resultSchema, problemSchema])),
});
export type DashboardResults = z.infer<typeof dashboardResultsSchema>;
