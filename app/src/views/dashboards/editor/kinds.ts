/**
 * The kinds of widgets in words, and what each of them can be asked.
 * @module
 */
import type { Widget, WidgetKind, WidgetQuery } from "../../../../../schema/wire/dashboard";

export interface KindWords {
  label: string;
  /** What it shows, in a sentence. */
  about: string;
  /** Most metrics at once. */
  metrics: number;
  /** Fewest and most dimensions. */
  dimensions: readonly [least: number, most: number];
  /** True when it draws time: the width of a bucket can be chosen. */
  isTimed: boolean;
  /** True when the number of rows or lines can be chosen. */
  isLimited: boolean;
}

export const KINDS: Record<WidgetKind, KindWords> = {
  number: {
    label: "Number",
    about: "One number beside the one before, with its line and, if you like, a target.",
    metrics: 1,
    dimensions: [0, 0],
    isTimed: true,
    isLimited: false,
  },
  line: {
    label: "Line",
    about: "How numbers move over time; broken down, a line for each value.",
    metrics: 5,
    dimensions: [0, 1],
    isTimed: true,
    isLimited: true,
  },
  area: {
    label: "Area",
    about: "A line with the ground under it woven in.",
    metrics: 3,
    dimensions: [0, 1],
    isTimed: true,
    isLimited: true,
  },
  bar: {
    label: "Bars",
    about: "Ranked values, each a bar; without a breakdown, a bar for each stretch of time.",
    metrics: 1,
    dimensions: [0, 2],
    isTimed: true,
    isLimited: true,
  },
  stacked: {
    label: "Stacked",
    about: "Parts on top of each other over time.",
    metrics: 1,
    dimensions: [1, 1],
    isTimed: true,
    isLimited: true,
  },
  pie: {
    label: "Ring",
    about: "Up to four parts of a whole and the rest.",
    metrics: 1,
    dimensions: [1, 1],
    isTimed: false,
    isLimited: false,
  },
  table: {
    label: "Table",
    about: "Several numbers side by side, sorted, with totals, to take away as CSV.",
    metrics: 10,
    dimensions: [0, 3],
    isTimed: true,
    isLimited: true,
  },
  map: {
    label: "Map",
    about: "Countries of the world, shaded by a number.",
    metrics: 1,
    dimensions: [1, 1],
    isTimed: false,
    isLimited: false,
  },
  text: {
    label: "Text",
    about: "Words of your own, in Markdown.",
    metrics: 0,
    dimensions: [0, 0],
    isTimed: false,
    isLimited: false,
  },
};
export const KIND_NAMES = Object.keys(KINDS) as WidgetKind[];

/** What a new breakdown begins with, by dataset. */
const USUAL: Record<string, string> = { events: "event:path", sessions: "visit:source" };
const COUNTRY = "visit:country";
/** Enough of a breakdown for most questions. */
const LIMIT = 10;
/** Countries there are, and some to spare. */
const ALL_COUNTRIES = 300;

/** A widget to begin with. */
export function newWidget(id: string): Widget {
  return {
    id,
    kind: "number",
    title: "",
    place: { x: 0, y: 0, w: 3, h: 2 },
    query: { dataset: "sessions", metrics: ["visitors"], dimensions: [] },
  };
}

/** The widget as another kind: what it was asked is kept as far as the kind can be asked it. */
export function asKind(widget: Widget, kind: WidgetKind): Widget {
  if (kind === "text") return { ...widget, kind, query: undefined, text: widget.text ?? "" };
  const query = widget.query ?? newWidget(widget.id).query;
  if (!query) return widget;
  const { metrics, dimensions, isTimed } = KINDS[kind];
  const [least, most] = dimensions;
  const split = query.dimensions.filter((name) => !name.startsWith("time:")).slice(0, most);
  if (kind === "map") split.splice(0, split.length, COUNTRY);
  else if (split.length < least) split.push(USUAL[query.dataset ?? ""] ?? COUNTRY);
  const next: WidgetQuery = {
    ...query,
    metrics: query.metrics.slice(0, metrics),
    dimensions: split,
    granularity: isTimed ? query.granularity : undefined,
    limit: kind === "map" ? ALL_COUNTRIES : split.length ? (query.limit ?? LIMIT) : undefined,
    order_by: orderOf(split, query.metrics),
  };
  return {
    ...widget,
    kind,
    text: undefined,
    target: kind === "number" ? widget.target : undefined,
    query: next,
  };
}

/** Most first, by the first metric; nothing to order without a breakdown. */
export function orderOf(dimensions: readonly string[], metrics: readonly string[]): WidgetQuery["order_by"] {
  const [first] = metrics;
  return dimensions.length && first ? [{ name: first, direction: "desc" }] : undefined;
}
