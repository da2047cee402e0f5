/**
 * Predefined queries of dashboards, and their results in the format of the named endpoints.
 * @module
 */
import { nearest } from "../../../schema/wire/nearest";
import type { Granularity, Meta, Query, QueryResult } from "../../../schema/wire/query";
import { bucketStart } from "../../lib/time";
import { DATASETS } from "../metrics";
import { previousName } from "./format";
import type { ParsedQuery } from "./parse";
import { type Refusal, refuse } from "./parse/refusal";

/** Parameters of all presets. */
export type PresetQuery = Pick<Query, "range" | "filters" | "timezone" | "compare">;

/** A number, and its change from the compared range. `change` is a ratio: 0.1 is ten percent more. */
export interface Measured {
  value: number | null;
  previous: number | null;
  /** Null without a compared range. */
  change: number | null;
}

const OVERVIEW = {
  events: ["events", "visitors", "users", "pageviews"],
  sessions: ["sessions", "bounce_rate", "session_duration_ms"],
} as const;
export type OverviewMetric = (typeof OVERVIEW)["events" | "sessions"][number];

/** The queries of an overview. */
export function overviewQueries(preset: PresetQuery): Record<"events" | "sessions" | "top", Query> {
  return {
    events: { ...preset, dataset: "events", metrics: [...OVERVIEW.events] },
    sessions: { ...preset, dataset: "sessions", metrics: [...OVERVIEW.sessions] },
    top: {
      ...preset,
      dataset: "events",
      metrics: ["events"],
      dimensions: ["event:name"],
      compare: "none",
      limit: 1,
    },
  };
}

/** The overview's metrics from its results. */
export function overviewOf(results: Record<"events" | "sessions" | "top", QueryResult>) {
  const measured = (dataset: "events" | "sessions") =>
    OVERVIEW[dataset].map((name) => [name, measuredIn(results[dataset], name)] as const);
  const metrics = Object.fromEntries([...measured("events"), ...measured("sessions")]);
  const [name = null, value = null] = results.top.rows[0] ?? [];
  return {
    metrics: metrics as Record<OverviewMetric, Measured>,
    top_event: typeof name === "string" && typeof value === "number" ? { name, value } : null,
  };
}

function measuredIn({ totals = {} }: QueryResult, metric: string): Measured {
  const value = totals[metric] ?? null;
  const previous = totals[previousName(metric)] ?? null;
  return { value, previous, change: changeOf(value, previous) };
}

function changeOf(value: number | null, previous: number | null): number | null {
  return value === null || !previous ? null : value / previous - 1;
}

/** The dataset of a series: metrics that sessions measure best use `sessions`. */
export function seriesQuery(preset: PresetQuery, metric: string, granularity: Granularity): Query | Refusal {
  const own = [...Object.keys(DATASETS.sessions!.metrics)].filter(
    (name) => !Object.hasOwn(DATASETS.events!.metrics, name),
  );
  const ofSessions = new Set([...own, "sessions"]);
  const known = [...Object.keys(DATASETS.events!.metrics), ...own];
  if (!known.includes(metric)) {
    const hint = nearest(metric, known);
    return refuse("unknown_name", "metric", `There is no metric ${metric}; did you mean ${hint}?`);
  }
  const dataset = ofSessions.has(metric) ? "sessions" : "events";
  return { ...preset, dataset, metrics: [metric], granularity };
}

export interface Point {
  /** Start of the bucket, epoch ms. */
  bucket: number;
  value: number | null;
  /** The same bucket of the compared range; absent without one. */
  previous?: number | null;
  /** True while the bucket is open. */
  partial: boolean;
}

/** The points of a series. */
export function pointsOf(
  { rows, columns }: QueryResult,
  grain: Granularity,
  zone: string,
  now: number,
): Point[] {
  const open = bucketStart(now, grain, zone);
  return rows.map(([bucket, value, previous]) => ({
    bucket: Number(bucket),
    value: asNumber(value),
    ...(columns.length > 2 ? { previous: asNumber(previous) } : {}),
    partial: bucket === open,
  }));
}

const asNumber = (cell: unknown) => (typeof cell === "number" ? cell : null);

/** The query of the list of top events. */
export function topEventsQuery(preset: PresetQuery, limit: number): Query {
  return {
    ...preset,
    dataset: "events",
    metrics: ["events", "visitors"],
    dimensions: ["event:name"],
    order_by: [{ name: "events", direction: "desc" }],
    limit,
  };
}

/** The lines of the list; `share` is of all events. */
export function topEventsOf({ rows, columns, totals = {} }: QueryResult) {
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const [name, count, visitors, previous] = ["event:name", "events", "visitors", previousName("events")].map(
    place,
  );
  return rows.map((row) => ({
    event: String(row[name!] ?? ""),
    count: asNumber(row[count!]) ?? 0,
    visitors: asNumber(row[visitors!]),
    share: totals.events ? (asNumber(row[count!]) ?? 0) / totals.events : 0,
    ...(previous! >= 0 ? { previous: asNumber(row[previous!]) } : {}),
  }));
}

/** Combines the metas of several results: the most expensive source, the oldest watermark, the sum of what was read. */
export function joinMeta(metas: readonly Meta[]): Meta {
  const [first] = metas;
  if (!first) throw new Error("query: no answers to describe");
  return metas.reduce((a, b) => ({
    source: a.source === "lake" || b.source === "lake" ? "lake" : "rollup",
    complete_until: a.complete_until,
    rows_scanned: a.rows_scanned + b.rows_scanned,
    bytes_scanned: a.bytes_scanned + b.bytes_scanned,
    approximate: a.approximate || b.approximate,
    elapsed_ms: Math.max(a.elapsed_ms, b.elapsed_ms),
  }));
}

/** Range and compared range of a query, in the format of results. */
export function rangesOf({ range, compared }: Pick<ParsedQuery, "range" | "compared">) {
  return {
    range: { from: range.from, to: range.to },
    previous: compared && { from: compared.from, to: compared.to },
  };
}
