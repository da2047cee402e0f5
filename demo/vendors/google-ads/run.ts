/**
 * Runs a GAQL query over the generated account.
 * After the vendor's pages "Query structure and clauses", "Segmentation" and "Zero metrics".
 * @module
 */

import { adDays, isEmpty } from "../ads.ts";
import type { AdAccount, Performance } from "../company/ads.ts";
import { daysBetween } from "../company/ads.ts";
import { addPerformance, NO_PERFORMANCE, today } from "../company/index.ts";
import type { Stage } from "../server/index.ts";
import { type Condition, dateRange, type GaqlQuery, type QueryRefusal } from "./gaql.ts";
import { type Entity, FIELDS, type ReportRow, TABLES, type Table } from "./tables.ts";

const refuse = (queryError: string, message: string): QueryRefusal => ({
  queryError,
  message: `Error in query: ${message}`,
});
const startsWith = (start: string) => (field: string) => field.startsWith(start);

function refusalOf(query: GaqlQuery, table: Table, isManager: boolean): QueryRefusal | undefined {
  const fields = [...query.select, ...query.where.map((c) => c.field), ...query.orderBy.map((o) => o.field)];
  const unknown = fields.find((field) => !(field in FIELDS));
  if (unknown) return refuse("UNRECOGNIZED_FIELD", `unrecognized field '${unknown}'.`);
  const metric = fields.find(startsWith("metrics."));
  if (metric && !table.hasMetrics)
    return refuse(
      "PROHIBITED_METRIC_IN_SELECT_OR_WHERE_CLAUSE",
      `'${metric}' cannot be selected from ${query.from}.`,
    );
  if (metric && isManager)
    return refuse(
      "REQUESTED_METRICS_FOR_MANAGER",
      "Metrics cannot be requested for a manager account. To retrieve metrics, issue separate requests against each client account under the manager account.",
    );
  const foreign = fields.find(
    (field) => !/^(metrics|segments)\./.test(field) && !table.with.includes(field.split(".")[0] ?? ""),
  );
  if (foreign)
    return refuse(
      "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",
      `'${foreign}' is not selectable with ${query.from}.`,
    );
  if (query.select.some(startsWith("segments.")) && dateRange(query.where, "2000-01-01") === undefined)
    return refuse(
      "EXPECTED_FILTERS_ON_DATE_RANGE",
      "a finite date range is required when segments are selected.",
    );
  return undefined;
}

const like = (pattern: string, text: string) => {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("%", ".*");
  return new RegExp(`^${escaped}$`, "i").test(text);
};

/** Whether a row satisfies a condition; conditions on dates are applied by the range. */
function meets(row: ReportRow, { field, operator, values }: Condition): boolean {
  if (field === "segments.date") return true;
  const actual = String(FIELDS[field]?.(row) ?? "");
  const [first = ""] = values;
  if (operator === "=") return actual === (/^(true|false)$/i.test(first) ? first.toLowerCase() : first);
  if (operator === "!=") return actual !== first;
  if (operator === "IN") return values.includes(actual);
  if (operator === "NOT IN") return !values.includes(actual);
  if (operator === "LIKE") return like(first, actual);
  if (operator === "NOT LIKE") return !like(first, actual);
  const difference = Number(actual) - Number(first);
  return (
    { ">": difference > 0, ">=": difference >= 0, "<": difference < 0, "<=": difference <= 0 }[operator] ??
    false
  );
}

type Days = Map<string, Performance>;

const entityId = ({ account, campaign, group, ad, keyword }: Entity) =>
  (keyword ?? ad ?? group ?? campaign ?? account).id;

/** Performance of every object of the account by id and day. */
function daysById(stage: Stage, account: AdAccount, from: string, to: string, hasKeywords: boolean) {
  const all = new Map<string, Days>();
  const add = (id: string, day: string, performance: Performance) => {
    const days = all.get(id) ?? new Map();
    days.set(day, addPerformance(days.get(day) ?? NO_PERFORMANCE, performance));
    all.set(id, days);
  };
  if (!hasKeywords) {
    for (const { path, day, performance } of adDays(stage, account, from, to))
      for (const object of [account, path.campaign, path.group, path.ad]) add(object.id, day, performance);
    return all;
  }
  for (const { group } of (TABLES.ad_group ?? { entities: () => [] }).entities(account))
    for (const day of group ? daysBetween(from, to) : [])
      for (const [id, performance] of stage.account.keywordPerformance(
        account,
        group?.id ?? "",
        day,
        stage.now(),
      ))
        add(id, day, performance);
  return all;
}

function splitBySegments(
  row: Omit<ReportRow, "day" | "performance">,
  days: Days,
  segments: string[],
): ReportRow[] {
  const buckets = new Map<string, ReportRow>();
  for (const [day, performance] of days) {
    const dated = { ...row, day, performance };
    const key = segments.map((segment) => FIELDS[segment]?.(dated)).join("|");
    const sum = buckets.get(key)?.performance ?? NO_PERFORMANCE;
    buckets.set(key, { ...dated, performance: addPerformance(sum, performance) });
  }
  return [...buckets.values()];
}

/** "Zero metrics are always excluded when segmenting a report, provided all selected metrics are zero." */
function isLeftOut(row: ReportRow, metrics: string[]): boolean {
  if (metrics.length === 0) return isEmpty(row.performance);
  return metrics.every((metric) => Number(FIELDS[metric]?.(row)) === 0);
}

function ordered(rows: ReportRow[], { orderBy, limit }: GaqlQuery): ReportRow[] {
  const compare = (a: ReportRow, b: ReportRow) => {
    for (const { field, isDescending } of orderBy) {
      const [left, right] = [a, b].map((row) => String(FIELDS[field]?.(row) ?? ""));
      const order = (left ?? "").localeCompare(right ?? "", "en", { numeric: true });
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  };
  return [...rows].sort(compare).slice(0, limit);
}

const camel = (text: string) => text.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

type Tree = { [key: string]: unknown };
const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Selects the fields as nested JSON; the resource's own name is always included ("Resource names"). */
function picker(query: GaqlQuery): (row: ReportRow) => Tree {
  const named = [query.from, ...query.select.map((field) => field.split(".")[0] ?? "")]
    .filter((resource) => !["metrics", "segments"].includes(resource))
    .map((resource) => `${resource}.resource_name`);
  const fields = [...new Set([...named, ...query.select])].map((field) => {
    const path = field.split(".").map(camel);
    return { field, last: path.pop() ?? "", path };
  });
  return (row) => {
    const picked: Tree = {};
    for (const { field, last, path } of fields) {
      let branch = picked;
      for (const step of path) {
        const next = branch[step];
        const made: Tree = isTree(next) ? next : {};
        branch[step] = made;
        branch = made;
      }
      branch[last] = FIELDS[field]?.(row);
    }
    return picked;
  };
}

/** Names of the fields in the response's `fieldMask`. */
export const fieldMask = (query: GaqlQuery): string =>
  query.select.map((f) => f.split(".").map(camel).join(".")).join(",");

/** The rows of a query for one account, or for the accounts of a manager. */
export function runQuery(
  stage: Stage,
  accounts: AdAccount[],
  query: GaqlQuery,
  isManager: boolean,
): object[] | QueryRefusal {
  const table = TABLES[query.from];
  if (table === undefined)
    return refuse(
      "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",
      `invalid resource type in FROM clause: '${query.from}'.`,
    );
  const refusal = refusalOf(query, table, isManager);
  if (refusal) return refusal;
  const metrics = query.select.filter(startsWith("metrics."));
  const segments = query.select.filter(startsWith("segments."));
  const needsDays =
    segments.length > 0 || [...metrics, ...query.where.map((c) => c.field)].some(startsWith("metrics."));
  const rows = accounts.flatMap((account) => {
    const now = today(stage.now(), account.timeZone);
    const [from, to] = dateRange(query.where, now) ?? [today(stage.account.openedAt, "UTC"), now];
    const days = needsDays
      ? daysById(stage, account, from, to, query.from === "keyword_view")
      : new Map<string, Days>();
    return table.entities(account).flatMap((entity): ReportRow[] => {
      const own = days.get(entityId(entity)) ?? new Map();
      const split = splitBySegments({ stage, entity }, own, segments);
      if (segments.length > 0) return split.filter((row) => !isLeftOut(row, metrics));
      return split.length > 0 ? split : [{ stage, entity, day: from, performance: NO_PERFORMANCE }];
    });
  });
  const met = rows.filter((row) => query.where.every((condition) => meets(row, condition)));
  const pick = picker(query);
  return ordered(met, query).map((row) => stage.faults.shape(query.from, pick(row)));
}
