/**
 * A dashboard's widgets as questions to the semantic layer.
 * @module
 */
import type { DashboardContent, ResultsRequest, Widget, WidgetQuery } from "../../../schema/wire/dashboard";
import type { Filter } from "../../../schema/wire/filter";
import type { MetricRule } from "../../../schema/wire/metric";
import type { Query } from "../../../schema/wire/query";
import { mentionedIn } from "../../questions/metrics";
import { grainOf } from "./grain";

const DEFINED = "metric:";

/** Names of the defined metrics among what a query asks for. */
export function definedIn(metrics: readonly string[]): string[] {
  return metrics.flatMap((name) => (name.startsWith(DEFINED) ? [name.slice(DEFINED.length)] : []));
}

/** Names of the defined metrics that a dashboard asks for, each once. */
export function askedIn({ widgets }: Pick<DashboardContent, "widgets">): string[] {
  return [...new Set(widgets.flatMap(({ query }) => definedIn(query?.metrics ?? [])))].sort();
}

/** Kinds that show a value beside the one before; the others would pay for numbers that nobody sees. */
const COMPARED: readonly Widget["kind"][] = ["number", "line", "area", "bar", "table"];

/** What holds for every widget of a dashboard. */
type Setting = Pick<DashboardContent, "range" | "compare" | "filters">;

/** The dashboard's own setting with what is asked in its place. */
export function settingWith(dashboard: Setting, wanted: ResultsRequest): Setting {
  return {
    range: wanted.range ?? dashboard.range,
    compare: wanted.compare ?? dashboard.compare,
    filters: wanted.filters ?? dashboard.filters,
  };
}

/** The question of a widget: its own range wins over the dashboard's, filters hold both. */
export function questionOf(
  { kind, query }: Pick<Widget, "kind"> & { query: WidgetQuery },
  setting: Setting,
): Query {
  const range = query.range ?? setting.range;
  return {
    ...query,
    range,
    granularity: grainOf(kind, query, range),
    compare: COMPARED.includes(kind) ? setting.compare : "none",
    filters: bothOf(setting.filters, query.filters),
  };
}

/** The questions of a dashboard by widget; texts ask nothing. */
export function questionsOf(
  { widgets }: Pick<DashboardContent, "widgets">,
  setting: Setting,
): Record<string, Query> {
  return Object.fromEntries(
    widgets.flatMap((widget) =>
      widget.query && widget.kind !== "text"
        ? [[widget.id, questionOf({ kind: widget.kind, query: widget.query }, setting)]]
        : [],
    ),
  );
}

/** Both filters at once. */
export function bothOf(one: Filter | undefined, other: Filter | undefined): Filter | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return { and: [one, other] };
}

/** Names of the defined metrics whose rules queries need and do not bring along. */
export function needsOf(queries: readonly Query[]): string[] {
  const names = queries.flatMap(({ metrics, define = {} }) => {
    const mentioned = [...definedIn(metrics), ...Object.values(define).flatMap(mentionedIn)];
    return mentioned.filter((name) => !Object.hasOwn(define, name));
  });
  return [...new Set(names)];
}

/** The query with the rules of the defined metrics it asks for; its own stand before those of the organisation. */
export function withRules(query: Query, rules: Readonly<Record<string, MetricRule>>): Query {
  if (!definedIn(query.metrics).length) return query;
  return { ...query, define: { ...rules, ...query.define } };
}
