/**
 * The kinds of widgets, and their properties on the server.
 * @module
 */
import { z } from "zod";

/** Properties of a kind. */
export interface WidgetKindSpec {
  /** The field of the widget that is required. */
  content: "query" | "text";
  /** Whether values are shown next to those of the compared range; otherwise the comparison is not queried. */
  isCompared: boolean;
  /** When time is drawn, with a granularity that fits the range: always, without dimensions, or never. */
  time: "always" | "without dimensions" | "never";
  /** Where public pages protect small groups. */
  shows: "rows" | "totals";
}

const line = { content: "query", isCompared: true, time: "always", shows: "rows" } as const;
const breakdown = { content: "query", isCompared: false, time: "never", shows: "rows" } as const;

/** A new kind is one entry here and one file in `app/src/views/dashboards/kinds`. */
export const WIDGET_KIND_SPECS = {
  number: { ...line, shows: "totals" },
  line,
  area: line,
  bar: { ...line, time: "without dimensions" },
  stacked: { ...line, isCompared: false },
  pie: breakdown,
  table: { ...breakdown, isCompared: true },
  map: breakdown,
  text: { ...breakdown, content: "text" },
} as const satisfies Record<string, WidgetKindSpec>;

export const WIDGET_KINDS = Object.keys(WIDGET_KIND_SPECS) as (keyof typeof WIDGET_KIND_SPECS)[];
export const widgetKindSchema = z.enum(WIDGET_KINDS);
export type WidgetKind = z.infer<typeof widgetKindSchema>;

/** Returns the properties of a kind. */
export const widgetKindSpec = (kind: WidgetKind): WidgetKindSpec => WIDGET_KIND_SPECS[kind];
