/**
 * New widgets, and the conversion of a widget to another kind.
 * @module
 */
import type { Widget, WidgetKind, WidgetQuery } from "../../../../../schema/wire/dashboard";
import { isQueryKind, KINDS } from "../kinds";

/** Breakdown of a kind that needs one, by dataset. */
const DEFAULT_BREAKDOWN: Record<string, string> = { events: "event:path", sessions: "visit:source" };
const DEFAULT_DIMENSION = "visit:country";
const DEFAULT_LIMIT = 10;

/** Returns a new widget; its place is set when it is added. */
export function newWidget(id: string): Widget {
  return {
    id,
    kind: "number",
    title: "",
    place: { x: 0, y: 0, ...KINDS.number.defaultSize },
    query: { dataset: "sessions", metrics: ["visitors"], dimensions: [] },
  };
}

/** Converts a widget to another kind; keeps the parts of the query that the kind supports. */
export function asKind(widget: Widget, name: WidgetKind): Widget {
  const kind = KINDS[name];
  if (!isQueryKind(kind)) return { ...widget, kind: name, query: undefined, text: widget.text ?? "" };
  const query = widget.query ?? newWidget(widget.id).query;
  if (!query) return widget;
  const [min, max] = kind.dimensions;
  const split = query.dimensions.filter((dimension) => !dimension.startsWith("time:")).slice(0, max);
  if (kind.fixedBreakdown) split.splice(0, split.length, kind.fixedBreakdown.dimension);
  else if (split.length < min) split.push(DEFAULT_BREAKDOWN[query.dataset ?? ""] ?? DEFAULT_DIMENSION);
  const next: WidgetQuery = {
    ...query,
    metrics: query.metrics.slice(0, kind.metrics),
    dimensions: split,
    granularity: kind.interval === "never" ? undefined : query.granularity,
    limit: kind.fixedBreakdown?.limit ?? (split.length ? (query.limit ?? DEFAULT_LIMIT) : undefined),
    order_by: orderOf(split, query.metrics),
  };
  return {
    ...widget,
    kind: name,
    text: undefined,
    target: kind.hasTarget ? widget.target : undefined,
    query: next,
  };
}

/** Descending by the first metric; undefined without a breakdown. */
export function orderOf(dimensions: readonly string[], metrics: readonly string[]): WidgetQuery["order_by"] {
  const [first] = metrics;
  return dimensions.length && first ? [{ name: first, direction: "desc" }] : undefined;
}
