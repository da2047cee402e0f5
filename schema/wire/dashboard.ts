/**
 * Dashboards that people make: widgets on a grid, each of which is a question.
 * @module
 */
import { z } from "zod";
import { problemSchema } from "./error";
import { filterSchema } from "./filter";
import { metricDefinitionSchema, sharingSchema } from "./metric";
import { compareSchema, querySchema, rangeSchema, resultSchema } from "./query";

/** Columns of the grid; a unit of height is 80 px. */
export const GRID_COLUMNS = 12;
export const MAX_GRID_ROWS = 400;
export const MAX_WIDGETS = 60;

export const WIDGET_KINDS = [
  "number",
  "line",
  "area",
  "bar",
  "stacked",
  "pie",
  "table",
  "map",
  "text",
] as const;
export const widgetKindSchema = z.enum(WIDGET_KINDS);
export type WidgetKind = z.infer<typeof widgetKindSchema>;

/** In grid units from the upper left corner. */
export const placeSchema = z
  .object({
    x: z
      .number()
      .int()
      .min(0)
      .max(GRID_COLUMNS - 1),
    y: z.number().int().min(0).max(MAX_GRID_ROWS),
    w: z.number().int().min(1).max(GRID_COLUMNS),
    h: z.number().int().min(1).max(40),
  })
  .refine(({ x, w }) => x + w <= GRID_COLUMNS, {
    path: ["w"],
    message: `x + w may be ${GRID_COLUMNS} at most`,
  });
export type Place = z.infer<typeof placeSchema>;

/** A widget's question. Range, comparison and zone are the dashboard's unless the widget states its own. */
export const widgetQuerySchema = z.object({
  /** Left out when every metric is a defined one. */
  dataset: z.string().optional(),
  /** Metrics of the dataset, or `metric:<name>` for a defined one. */
  metrics: z.array(z.string()).min(1).max(10),
  dimensions: z.array(z.string()).max(3).default([]),
  filters: filterSchema.optional(),
  range: rangeSchema.optional(),
  granularity: querySchema.shape.granularity,
  order_by: querySchema.shape.order_by,
  limit: z.number().int().min(1).max(1000).optional(),
});
export type WidgetQuery = z.infer<typeof widgetQuerySchema>;

export const widgetIdSchema = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/);

export const widgetSchema = z
  .object({
    /** Unique in the dashboard and kept over edits: comments and files name it. */
    id: widgetIdSchema,
    kind: widgetKindSchema,
    title: z.string().max(200).default(""),
    place: placeSchema,
    query: widgetQuerySchema.optional(),
    /** `number`: what to reach. */
    target: z.number().optional(),
    /** `text`: Markdown. */
    text: z.string().max(20_000).optional(),
  })
  .refine((widget) => (widget.kind === "text" ? widget.text !== undefined : widget.query !== undefined), {
    message: "A text widget needs `text`, every other kind a `query`",
  });
export type Widget = z.infer<typeof widgetSchema>;

/** What a dashboard says; what a file holds. */
export const dashboardContentSchema = z.object({
  name: z.string().trim().min(1).max(120),
  description: z.string().max(2000).default(""),
  range: rangeSchema.default("30d"),
  compare: compareSchema.default("previous"),
  filters: filterSchema.optional(),
  widgets: z
    .array(widgetSchema)
    .max(MAX_WIDGETS)
    .refine(
      (widgets) => new Set(widgets.map(({ id }) => id)).size === widgets.length,
      "Widget ids must differ",
    )
    .default([]),
});
export type DashboardContent = z.infer<typeof dashboardContentSchema>;

export const dashboardCreateSchema = dashboardContentSchema.extend({
  sharing: sharingSchema.default("organization"),
});
const { description, range, compare, widgets, sharing } = dashboardCreateSchema.shape;
/** Without the defaults, which zod also fills in below `partial`: a change leaves alone what it does not name. */
export const dashboardUpdateSchema = dashboardCreateSchema
  .extend({
    description: description.unwrap(),
    range: range.unwrap(),
    compare: compare.unwrap(),
    widgets: widgets.unwrap(),
    sharing: sharing.unwrap(),
    /** Null takes them away. */
    filters: filterSchema.nullable(),
  })
  .partial()
  .extend({
    /** The version that the change rests on: another one answers `conflict`. */
    version: z.number().int(),
  });
/** A dashboard's name in files and addresses: `web-overview`. */
export const slugSchema = z
  .string()
  .max(80)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "Lower-case letters, digits and single hyphens");

export const dashboardSchema = dashboardCreateSchema.extend({
  id: z.string(),
  project_id: z.string(),
  /** Unique in the project and kept over changes of the name; null while the dashboard is private. */
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

/** A new dashboard: as a template has it, or as said. */
export const dashboardNewSchema = z.union([
  z.object({
    template: slugSchema,
    /** The template's when left out. */
    name: dashboardContentSchema.shape.name.optional(),
    sharing: sharingSchema.default("organization"),
  }),
  dashboardCreateSchema,
]);

export const dashboardTemplateSchema = z.object({
  id: slugSchema,
  content: dashboardContentSchema,
  /** Defined metrics that it asks for; those that are missing are made with it. */
  metrics: z.array(metricDefinitionSchema),
});
export type DashboardTemplate = z.infer<typeof dashboardTemplateSchema>;

/** What holds in place of the dashboard's own when its numbers are asked for. */
export const resultsRequestSchema = z.object({
  range: rangeSchema.optional(),
  compare: compareSchema.optional(),
  filters: filterSchema.optional(),
  /** Widgets in place of the dashboard's own: how an editor sees one before it is saved. */
  widgets: z.array(widgetSchema).max(MAX_WIDGETS).optional(),
});
export type ResultsRequest = z.infer<typeof resultsRequestSchema>;
/** An answer or a problem for each widget that asks, by its id. */
export const dashboardResultsSchema = z.object({
  version: z.number().int(),
  timezone: z.string(),
  results: z.record(z.string(), z.union([resultSchema, problemSchema])),
});
export type DashboardResults = z.infer<typeof dashboardResultsSchema>;
