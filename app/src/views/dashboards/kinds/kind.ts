/**
 * What the app needs of a kind of widget. Each kind is a file of this folder and a line in the registry (`index.ts`).
 * @module
 */
import type { JSX } from "solid-js";
import type { Widget } from "../../../../../schema/wire/dashboard";
import type { QueryResult } from "../../../../../schema/wire/query";
import type { Naming } from "../naming";
import type { Shown } from "../shown";

/** Size in grid units. */
export interface Size {
  w: number;
  h: number;
}

export interface ViewProps {
  widget: Widget;
  /** Accessible name. */
  title: string;
  result: QueryResult;
  shown: Shown;
}

export interface SettingsProps {
  widget: Widget;
  naming: Naming;
  onChange: (part: Partial<Widget>) => void;
}

interface KindBase {
  /** Shown in the editor. */
  label: string;
  /** One sentence for the editor. */
  description: string;
  /** SVG path of the icon, in a box of 24 by 16. */
  icon: string;
  /** Position of the icon in the preview of a layout; centered by default. */
  iconPosition?: "start";
  minSize: Size;
  defaultSize: Size;
  /** Form fields besides title and query. */
  Settings?: (props: SettingsProps) => JSX.Element;
}

/** A kind that shows the result of a query. */
export interface QueryKind extends KindBase {
  /** Maximum number of metrics. */
  metrics: number;
  /** Minimum and maximum number of dimensions. */
  dimensions: readonly [min: number, max: number];
  /** Set when every widget of the kind has the same breakdown. */
  fixedBreakdown?: { dimension: string; limit: number };
  /** Whether the query has an interval: always, or only without a breakdown. */
  interval: "always" | "without-breakdown" | "never";
  /** Whether time can be a breakdown, so that no interval is the default. */
  hasTimeBreakdown?: boolean;
  /** Whether the number of rows can be limited. */
  hasLimit: boolean;
  /** Whether the widget has a target. */
  hasTarget?: boolean;
  /** Whether the result can also be viewed as a table. */
  hasTableView: boolean;
  /** Whether the view handles results without values; otherwise an empty state is shown. */
  handlesEmpty?: boolean;
  View: (props: ViewProps) => JSX.Element;
}

/** A kind without a query. */
export interface StaticKind extends KindBase {
  StaticView: (props: { widget: Widget }) => JSX.Element;
}

export type Kind = QueryKind | StaticKind;

export function isQueryKind(kind: Kind): kind is QueryKind {
  return "View" in kind;
}
