/**
 * The queries of a dashboard's widgets.
 * @module
 */
import type { DashboardContent, ResultsRequest, Widget, WidgetQuery } from "../../../schema/wire/dashboard";
import type { Filter } from "../../../schema/wire/filter";
import type { MetricRule } from "../../../schema/wire/metric";
import type { Query } from "../../../schema/wire/query";
import { widgetKindSpec } from "../../../schema/wire/widget-kind";
import { mentionedIn } from "../../questions/metrics";
import { grainOf } from "./grain";

const DEFINED = "metric:";

/** Names of the defined metrics in a list of metrics. */
export function definedIn(metrics: readonly string[]): string[] {
  return metrics.flatMap((name) => (name.startsWith(DEFINED) ? [name.slice(DEFINED.length)] : []));
}

/** Names of the defined metrics that a dashboard uses. */
export function usedMetrics({ widgets }: Pick<DashboardContent, "widgets">): string[] {
  return [...new Set(widgets.flatMap(({ query }) => definedIn(query?.metrics ?? [])))].sort();
}

/** Settings that apply to every widget of a dashboard. */
type Setting = Pick<DashboardContent, "range" | "compare" | "filters">;

/** Returns a dashboard's settings with the overrides of a request. */
export function settingWith(dashboard: Setting, wanted: ResultsRequest): Setting {
  return {
    range: wanted.range ?? dashboard.range,
    compare: wanted.compare ?? dashboard.compare,
    filters: wanted.filters ?? dashboard.filters,
  };
}

/** Returns the query of a widget. Its own range replaces the dashboard's; filters are combined. */
export function questionOf(
  { kind, query }: Pick<Widget, "kind"> & { query: WidgetQuery },
  setting: Setting,
): Query {
  const range = query.range ?? setting.range;
  return {
    ...query,
    range,
    granularity: grainOf(kind, query, range),
    compare: widgetKindSpec(kind).isCompared ? setting.compare : "none",
    filters: bothOf(setting.filters, query.filters),
  };
}

/** Returns the queries of a dashboard by widget id. */
export function questionsOf(
  { widgets }: Pick<DashboardContent, "widgets">,
  setting: Setting,
): Record<string, Query> {
  return Object.fromEntries(
    widgets.flatMap((widget) =>
      widget.query && widgetKindSpec(widget.kind).content === "query"
        ? [[widget.id, questionOf({ kind: widget.kind, query: widget.query }, setting)]]
        : [],
    ),
  );
}

/** Combines two filters by `and`. */
export function bothOf(one: Filter | undefined, other: Filter | undefined): Filter | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { and: [one, other] };
}

/** Names of the defined metrics that queries use without defining them. */
export function needsOf(queries: readonly Query[]): string[] {
  const names = queries.flatMap(({ metrics, define = {} }) => {
    const mentioned = [...definedIn(metrics), ...Object.values(define).flatMap(mentionedIn)];
    return mentioned.filter((name) => !Object.hasOwn(define, name));
  });
  return [...new Set(names)];
}

/** Adds the rules of the defined metrics that a query uses. The query's own rules have precedence. */
export function withRules(query: Query, rules: Readonly<Record<string, MetricRule>>): Query {
  if (!definedIn(query.metrics).length) return query;
  return { ...query, define: { ...rules, ...query.define } };
}
