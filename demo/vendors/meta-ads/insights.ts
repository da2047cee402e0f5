/**
 * Rows of the Insights API.
 * After the vendor's pages "Insights API" ("Parameters", "Deleted and Archived Objects"), "Ads Insights reference",
 * "Attribution windows" (7d_view and 28d_view are no longer returned since 12 January 2026).
 * @module
 */

import { adDays, isEmpty } from "../ads.ts";
import type { Performance } from "../company/ads.ts";
import { addPerformance, currencyDecimals, NO_PERFORMANCE, today } from "../company/index.ts";
import { dayNumber, dayOf } from "../company/random.ts";
import type { Stage } from "../server/index.ts";
import type { VendorAnswer } from "../server/routes.ts";
import { badParameter } from "./errors.ts";
import { isHidden, levelOf, type Node } from "./objects.ts";
import { fieldsOf, jsonOf, statusFilter } from "./parameters.ts";

const ACTION = "offsite_conversion.fb_pixel_purchase";
const LEVELS = ["account", "campaign", "adset", "ad"];
const PRESETS: Record<string, [first: number, last: number]> = {
  today: [0, 0],
  yesterday: [-1, -1],
  last_7d: [-7, -1],
  last_14d: [-14, -1],
  last_28d: [-28, -1],
  last_30d: [-30, -1],
  last_90d: [-90, -1],
};
/** "The data is stored for 37 months." */
const HISTORY_DAYS = 37 * 30.4;

/** One row before its fields are selected. */
interface InsightRow {
  node: Node;
  since: string;
  until: string;
  performance: Performance;
  windows: string[];
}

/** The conversions of each attribution window: the default, 7-day click and 1-day view, are the total. */
function claimed(total: number): Record<string, number> {
  const viewed = Math.floor(total * 0.15);
  const clicked = total - viewed;
  return {
    "1d_click": Math.floor(clicked * 0.6),
    "7d_click": clicked,
    "28d_click": clicked,
    "1d_view": viewed,
    "1d_ev": 0,
  };
}

const money = ({ node }: InsightRow, minor: number) => {
  const decimals = currencyDecimals(node.account.currency);
  return (minor / 10 ** decimals).toFixed(decimals);
};

/** A list with one action type, left out without conversions. */
function actions(row: InsightRow, total: number, format: (value: number) => string) {
  if (total === 0) return undefined;
  const split = claimed(total);
  const windows = row.windows.flatMap((name) => (split[name] ? [[name, format(split[name])]] : []));
  return [{ action_type: ACTION, value: format(total), ...Object.fromEntries(windows) }];
}

const ratio = (a: number, b: number) => (b === 0 ? undefined : String(a / b));

type Field = (row: InsightRow) => unknown;
const FIELDS: Record<string, Field> = {
  account_id: ({ node }) => node.account.id,
  account_name: ({ node }) => node.account.name,
  account_currency: ({ node }) => node.account.currency,
  campaign_id: ({ node }) => node.campaign?.id,
  campaign_name: ({ node }) => node.campaign?.name,
  adset_id: ({ node }) => node.group?.id,
  adset_name: ({ node }) => node.group?.name,
  ad_id: ({ node }) => node.ad?.id,
  ad_name: ({ node }) => node.ad?.name,
  date_start: ({ since }) => since,
  date_stop: ({ until }) => until,
  impressions: ({ performance }) => String(performance.impressions),
  clicks: ({ performance }) => String(performance.clicks),
  inline_link_clicks: ({ performance }) => String(performance.clicks),
  spend: (row) => money(row, row.performance.spendMinor),
  ctr: ({ performance: { clicks, impressions } }) => ratio(clicks * 100, impressions),
  cpc: (row) => ratio(Number(money(row, row.performance.spendMinor)), row.performance.clicks),
  cpm: (row) => ratio(Number(money(row, row.performance.spendMinor)) * 1000, row.performance.impressions),
  actions: (row) => actions(row, row.performance.conversions, String),
  action_values: (row) => actions(row, row.performance.valueMinor, (minor) => money(row, minor)),
};
const DEFAULT_FIELDS = ["account_id", "impressions", "spend"];

/** A parsed insights query. */
export interface InsightQuestion {
  level: string;
  since: string;
  until: string;
  /** Days of one row; 0 for the whole range in one, 31 for calendar months. */
  increment: number;
  fields: string[];
  windows: string[];
  statuses: string[] | undefined;
}

function rangeOf(stage: Stage, node: Node, parameters: URLSearchParams): [string, string] | undefined {
  const now = dayNumber(today(stage.now(), node.account.timeZone));
  const range = jsonOf(parameters, "time_range");
  if (typeof range === "object" && range !== null && "since" in range && "until" in range)
    return [String(range.since), String(range.until)];
  if (parameters.has("time_range")) return undefined;
  const preset = parameters.get("date_preset") ?? "last_30d";
  if (preset === "maximum") return [dayOf(Math.ceil(now - HISTORY_DAYS)), dayOf(now)];
  const days = PRESETS[preset];
  return days && [dayOf(now + days[0]), dayOf(now + days[1])];
}

/** Parses the parameters; refuses as the vendor does, always with code 100. */
export function questionOf(
  stage: Stage,
  node: Node,
  parameters: URLSearchParams,
): InsightQuestion | VendorAnswer {
  const level = parameters.get("level") ?? levelOf(node);
  const range = rangeOf(stage, node, parameters);
  const fields = fieldsOf(parameters);
  const unknown = fields.find((field) => !(field in FIELDS));
  if (unknown)
    return badParameter(
      `${unknown} is not valid for fields param. please check https://developers.facebook.com/docs/marketing-api/reference/ads-insights/ for all valid values`,
    );
  if (!LEVELS.includes(level))
    return badParameter("Param level must be one of {ad, adset, campaign, account}");
  if (range === undefined || !(range[0] <= range[1])) return badParameter("Param time_range is not valid");
  const now = dayNumber(today(stage.now(), node.account.timeZone));
  if (dayNumber(range[0]) < Math.floor(now - HISTORY_DAYS))
    return badParameter(
      "The start date of the time range cannot be beyond 37 months from the current date",
      3018,
    );
  const step = parameters.get("time_increment") ?? "all_days";
  const increment = step === "all_days" ? 0 : step === "monthly" ? 31 : Number(step);
  if (!Number.isInteger(increment) || increment < 0 || increment > 90)
    return badParameter("Param time_increment must be between 1 and 90");
  const windows = jsonOf(parameters, "action_attribution_windows");
  return {
    level,
    since: range[0],
    until: range[1],
    increment,
    fields: fields.length > 0 ? fields : DEFAULT_FIELDS,
    windows: Array.isArray(windows) ? windows.map(String) : [],
    statuses: statusFilter(parameters, level),
  };
}

/** The rows' spans: each day belongs to the one that starts at the returned value. */
function spanStart(day: string, { since, increment }: InsightQuestion): string {
  if (increment === 0) return since;
  if (increment === 31) return day < `${since.slice(0, 7)}-32` ? since : `${day.slice(0, 7)}-01`;
  const passed = dayNumber(day) - dayNumber(since);
  return dayOf(dayNumber(since) + passed - (passed % increment));
}

function spanEnd(start: string, { until, increment }: InsightQuestion): string {
  if (increment === 0) return until;
  const next = increment === 31 ? dayNumber(`${start.slice(0, 7)}-01`) + 32 : 0;
  const end =
    increment === 31 ? dayNumber(`${dayOf(next).slice(0, 7)}-01`) - 1 : dayNumber(start) + increment - 1;
  return dayOf(Math.min(end, dayNumber(until)));
}

const idOf = ({ account, campaign, group, ad }: Node) => (ad ?? group ?? campaign ?? account).id;

function atLevel({ account, campaign, group, ad }: Node, level: string): Node {
  if (level === "account") return { account };
  if (level === "campaign") return { account, campaign };
  return level === "adset" ? { account, campaign, group } : { account, campaign, group, ad };
}

/**
 * The rows of a node. Objects deleted or archived are in their parents' numbers, but are not listed at a lower level
 * unless `filtering` names their status ("Deleted and Archived Objects"): the sum may be less than the parent's.
 */
export function insightRows(stage: Stage, of: Node, question: InsightQuestion): object[] {
  const wanted = idOf(of);
  const inside = ({ account, campaign, group, ad }: Node) =>
    [account, campaign, group, ad].some((object) => object?.id === wanted);
  const rows = new Map<string, InsightRow>();
  for (const { path, day, performance } of adDays(stage, of.account, question.since, question.until)) {
    if (!inside(path)) continue;
    const node = atLevel(path, question.level);
    const isBelow = LEVELS.indexOf(question.level) > LEVELS.indexOf(levelOf(of));
    if (isBelow && isHidden(stage, node, question.statuses)) continue;
    const since = spanStart(day, question);
    const key = `${idOf(node)}|${since}`;
    const sum = rows.get(key)?.performance ?? NO_PERFORMANCE;
    const until = spanEnd(since, question);
    rows.set(key, {
      node,
      since,
      until,
      windows: question.windows,
      performance: addPerformance(sum, performance),
    });
  }
  const names = [...new Set([...question.fields, "date_start", "date_stop"])];
  return [...rows.values()]
    .filter(({ performance }) => !isEmpty(performance))
    .map((row) => Object.fromEntries(names.map((field) => [field, FIELDS[field]?.(row)])))
    .map((row) => stage.faults.shape("insights", row));
}
