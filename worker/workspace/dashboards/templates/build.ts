/**
 * Helpers for declaring templates.
 * @module
 */
import type { Place, Widget, WidgetKind } from "../../../../schema/wire/dashboard";

/** The query of a widget. */
export interface TemplateQuery {
  /** Omitted when every metric is a defined one. */
  dataset?: "events" | "sessions" | "ads" | "deals" | "subscriptions";
  metrics: string[];
  dimensions?: string[];
  limit?: number;
}

/** `[x, y, w, h]` in units of the grid. */
type Corner = readonly [x: number, y: number, w: number, h: number];

const placeAt = ([x, y, w, h]: Corner): Place => ({ x, y, w, h });

/** A widget with a query. */
export function widget(
  id: string,
  kind: Exclude<WidgetKind, "text">,
  title: string,
  at: Corner,
  query: TemplateQuery,
): Widget {
  return { id, kind, title, place: placeAt(at), query: { dimensions: [], ...query } };
}

/** A text widget in Markdown. */
export function words(id: string, title: string, at: Corner, text: string): Widget {
  return { id, kind: "text", title, place: placeAt(at), text };
}

/** A number widget in the first row, which has four of them. */
export function headline(id: string, title: string, column: 0 | 1 | 2 | 3, query: TemplateQuery): Widget {
  return widget(id, "number", title, [column * 3, 0, 3, 2], query);
}
