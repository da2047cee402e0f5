/**
 * Results of public links: the dashboard with the link's range and filters, from rollups only, without small groups.
 * @module
 */

import type { Filter } from "../../../schema/wire/filter";
import { type Link, MIN_GROUP, type PublicMeasure } from "../../../schema/wire/link";
import type { Metric, MetricRule } from "../../../schema/wire/metric";
import type { Query, QueryResult } from "../../../schema/wire/query";
import { widgetKindSpec } from "../../../schema/wire/widget-kind";
import { isRefusal, type Refusal } from "../../lib/refusal";
import {
  basesOf,
  Definitions,
  findDataset,
  findDimension,
  findMetric,
  isUnknown,
} from "../../questions/metrics";
import type { Budget } from "../../questions/query";
import type { StoredDashboard } from "./dashboard-store";
import { bothOf, definedIn, questionsOf } from "./questions";
import { fewest, foldSmall, hideSmall } from "./small-groups";

/**
 * A budget that no scan fits, so that public requests read only rollups. One byte is less than any row has; a range without
 * data in the lake costs nothing.
 */
export const ROLLUPS_ONLY: Budget = { rows: 1, bytes: 1 };

/** Rows that are read before small groups are folded and the widget's limit is applied. */
const MOST_ROWS = 10_000;
const UNCOMPARED = " uncompared";

/** Returns the dashboard with the settings of the link. Its range also replaces that of widgets. */
export function dashboardOf(link: Link, dashboard: StoredDashboard): StoredDashboard {
  const { range, filters } = link;
  const fixed = { ...dashboard, filters: bothOf(dashboard.filters, filters) };
  if (!range) return fixed;
  const widgets = fixed.widgets.map((widget) =>
    widget.query ? { ...widget, query: { ...widget.query, range } } : widget,
  );
  return { ...fixed, range, widgets };
}

/**
 * The queries of a public page: each widget's own, and one for the visitors of its rows where its result may reveal a group.
 * The latter has no comparison, because a group that is large now may have been small before. The other queries are repeated
 * without comparison, in case rollups do not go back far enough.
 */
export function publicQuestions(
  dashboard: StoredDashboard,
  rules: Readonly<Record<string, MetricRule>>,
): Record<string, Query> {
  const questions = Object.entries(questionsOf(dashboard, dashboard));
  return Object.fromEntries(
    questions.flatMap(([id, query]): [string, Query][] => {
      const groups = groupsOf(query, rules);
      if (!groups.length) {
        const uncompared: [string, Query][] =
          query.compare === "none" ? [] : [[id + UNCOMPARED, { ...query, compare: "none" }]];
        return [[id, query], ...uncompared];
      }
      const limit = splitOf(query).length ? MOST_ROWS : query.limit;
      const people = groups.map((group, i): [string, Query] => [peopleName(id, i), peopleOf(query, group)]);
      return [[id, { ...query, compare: "none", limit }], ...people];
    }),
  );
}

const peopleName = (id: string, group: number) => `${id} people ${group}`;

/** Filters by person in a dataset. */
interface Group {
  dataset: string;
  filters: Filter | undefined;
}

/**
 * Returns the groups that may be small: those selected by the widget's own filters and by the filters of its defined metrics,
 * each in the dataset that supports its filters best. Empty when nothing filters the counted rows.
 */
function groupsOf(query: Query, rules: Readonly<Record<string, MetricRule>>): Group[] {
  const definitions = new Definitions(rules);
  const bases = definedIn(query.metrics).flatMap((name) => {
    const found = definitions.resolve(name);
    return "fault" in found ? [] : basesOf(found);
  });
  const own: Group = { dataset: datasetOf(query, rules), filters: query.filters };
  const narrowed = bases
    .filter(({ filters }) => filters !== undefined)
    .map(
      ({ dataset, filters }): Group => ({ dataset: dataset.name, filters: bothOf(query.filters, filters) }),
    );
  const distinct = new Map([own, ...narrowed].map((group) => [JSON.stringify(group), group]));
  return [...distinct.values()].filter(({ filters }) => filters !== undefined || splitOf(query).length > 0);
}

/** Dimensions of a query that are not time. */
function splitOf({ dimensions = [] }: Query): string[] {
  return dimensions.filter((name) => !name.startsWith("time:"));
}

/** The same rows with the number of visitors of a group. */
function peopleOf(query: Query, { dataset, filters }: Group): Query {
  const { dimensions, range, granularity, timezone } = query;
  return {
    dataset,
    metrics: ["visitors"],
    dimensions,
    filters,
    range,
    granularity,
    timezone,
    limit: MOST_ROWS,
  };
}

/** The dataset whose visitors a query's rows come from: its own, or the first one that its defined metrics use. */
function datasetOf({ dataset, metrics }: Query, rules: Readonly<Record<string, MetricRule>>): string {
  if (dataset) return dataset;
  const definitions = new Definitions(rules);
  const found = definedIn(metrics).map((name) => definitions.resolve(name));
  const [base] = found.flatMap((one) => ("fault" in one ? [] : basesOf(one)));
  return base?.dataset.name ?? "events";
}

/** The public results of a dashboard's widgets from those of `publicQuestions`. */
export function publicAnswers(
  dashboard: StoredDashboard,
  answers: Readonly<Record<string, QueryResult | Refusal>>,
  rules: Readonly<Record<string, MetricRule>>,
): Record<string, QueryResult | Refusal> {
  const questions = Object.entries(questionsOf(dashboard, dashboard));
  const kinds = new Map(dashboard.widgets.map(({ id, kind }) => [id, kind]));
  return Object.fromEntries(
    questions.map(([id, query]): [string, QueryResult | Refusal] => {
      const compared = answers[id];
      const isRefused = compared !== undefined && isRefusal(compared);
      const result = (isRefused ? answers[id + UNCOMPARED] : undefined) ?? compared;
      if (!result) throw new Error(`dashboards: no result for widget ${id}`);
      if (isRefusal(result)) return [id, publicRefusal(result)];
      const { shows } = widgetKindSpec(kinds.get(id)!);
      const people = groupsOf(query, rules).flatMap((_, i) => answers[peopleName(id, i)] ?? []);
      return [id, withoutSmallGroups(query, { result, people, shows }, datasetOf(query, rules))];
    }),
  );
}

function withoutSmallGroups(
  query: Query,
  {
    result,
    people: counts,
    shows,
  }: { result: QueryResult; people: (QueryResult | Refusal)[]; shows: "rows" | "totals" },
  dataset: string,
): QueryResult | Refusal {
  const refused = counts.find((one) => isRefusal(one));
  if (refused) return publicRefusal(refused);
  const [first, ...others] = counts.flatMap((one) => (isRefusal(one) ? [] : [one]));
  if (!first) return result;
  const people = fewest([first, ...others]);
  const total = people.totals?.visitors ?? 0;
  if (total > 0 && total < MIN_GROUP) return TOO_FEW;
  const split = splitOf(query);
  if (!split.length) return hideSmall({ result, people, shows });
  return foldSmall({
    result,
    people,
    limit: query.limit ?? 100,
    isAdditive: (name) => isAdditive(dataset, name),
    isComplete: split.every((name) => keepsNone(dataset, name)),
  });
}

/** Whether a metric can be summed over rows: not a ratio, not distinct, not defined. */
function isAdditive(dataset: string, name: string): boolean {
  const found = findDataset(dataset);
  if (isUnknown(found)) return false;
  const metric = findMetric(found, name);
  if (isUnknown(metric) || !("measure" in metric.value)) return false;
  return found.measures[metric.value.measure]?.aggregate.kind !== "distinct";
}

/** Whether a breakdown by the dimension has a row for null. */
function keepsNone(dataset: string, name: string): boolean {
  const found = findDataset(dataset);
  if (isUnknown(found)) return false;
  const dimension = findDimension(found, name);
  return !isUnknown(dimension) && dimension.nulls === "keep";
}

const TOO_FEW: Refusal = {
  code: "group_too_small",
  detail: `Public pages do not show groups of fewer than ${MIN_GROUP} people`,
};

/** Returns the refusal without details of the project. */
function publicRefusal({ code }: Refusal): Refusal {
  const detail =
    code === "budget_exceeded"
      ? "Public pages can show only data that is precomputed; this widget would read single events"
      : "This widget has no data";
  return { code, detail };
}

/** Labels and formats of the dashboard's metrics. `defined`: the defined metrics. */
export function publicMeasures(
  dashboard: StoredDashboard,
  defined: readonly Metric[],
): Record<string, PublicMeasure> {
  const measures: Record<string, PublicMeasure> = {};
  for (const { query } of dashboard.widgets) {
    for (const name of query?.metrics ?? []) {
      const [own] = definedIn([name]);
      const dataset = findDataset(query?.dataset ?? "");
      const known = own
        ? defined.find((metric) => metric.name === own)
        : isUnknown(dataset)
          ? undefined
          : findMetric(dataset, name);
      if (!known || isUnknown(known)) continue;
      const { label, unit, format, good } = known;
      measures[name] = { label, unit, format, good };
    }
  }
  return measures;
}

/** Returns the dashboard as public pages show it: without filters. */
export function publicContent({ name, description, range, compare, widgets }: StoredDashboard) {
  return {
    name,
    description,
    range,
    compare,
    widgets: widgets.map((widget) =>
      widget.query ? { ...widget, query: { ...widget.query, filters: undefined } } : widget,
    ),
  };
}
