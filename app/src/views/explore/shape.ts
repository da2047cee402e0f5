/**
 * Converts the results of the overview's queries to the data it draws. Pure functions.
 * @module
 */
import type { Problem } from "../../../../schema/wire/error";
import type { Granularity, QueryResult, ResultRow } from "../../../../schema/wire/query";
import type { Answer } from "../../client/http";
import { changeOf, isOpen, isResult, type Measured, numberOf, PREVIOUS } from "../../query-state";
import { CARD_NAMES, type CardName, type Tab, tabOf } from "./cards";
import { METRIC_NAMES, METRICS, type MetricName, metricsOf } from "./metrics";
import { CARD_ROWS, type QueryName } from "./question";
import { type ExploreState, grainFor } from "./state";

/** One bucket of time. */
export interface Point {
  /** Epoch ms at which the bucket starts. */
  key: number;
  /** True while the bucket is open. */
  partial: boolean;
  values: Partial<Record<MetricName, Measured>>;
}

/** One row of a breakdown. */
export interface Row {
  key: string;
  value: string | null;
  count: number;
  /** Share of the total, 0 to 1. */
  share: number;
  /** Change from the comparison as a ratio; null when there was no value. */
  change: number | null;
}

export interface Breakdown {
  rows: Row[];
  /** True when the result was cut at its limit. */
  more: boolean;
}

export interface Dashboard {
  granularity: Granularity;
  totals: Record<MetricName, Measured>;
  top: Row | null;
  points: Point[];
  cards: Record<CardName, Breakdown>;
  /** Epoch ms; see `Meta`. */
  completeUntil: number | null;
  approximate: boolean;
}

type Results = Record<QueryName, QueryResult | Problem>;
type Answered = Record<QueryName, QueryResult>;

/** Reads columns of a result by name. */
function reader(result: QueryResult) {
  const places = new Map(result.columns.map((column, index) => [column.name, index]));
  const cell = (row: ResultRow, name: string) => row[places.get(name) ?? -1] ?? null;
  const measured = (row: ResultRow, name: string): Measured => ({
    value: numberOf(cell(row, name)),
    previous: numberOf(cell(row, PREVIOUS + name)),
  });
  return { cell, measured };
}

/**
 * Converts the results of the whole page. Returns the first problem, if any: all queries share range and filters. `zone`
 * (IANA) and `now` (epoch ms) determine which bucket is still open.
 */
export function shapeDashboard(
  results: Results,
  state: ExploreState,
  zone: string,
  now: number,
): Answer<Dashboard> {
  const refused = Object.values(results).find((result): result is Problem => !isResult(result));
  if (refused) return { ok: false, problem: refused };
  const answered = results as Answered;
  const granularity = grainFor(state);
  const cards = {} as Record<CardName, Breakdown>;
  for (const name of CARD_NAMES) cards[name] = shapeBreakdown(answered[name], tabOf(name, state.tabs[name]));
  const metas = [answered.sessionSeries.meta, answered.eventSeries.meta];
  return {
    ok: true,
    data: {
      granularity,
      totals: shapeTotals(answered),
      top: cards.events.rows.find((row) => row.value !== null) ?? null,
      points: shapePoints(answered, granularity, zone, now),
      cards,
      completeUntil: answered.eventSeries.meta.complete_until,
      approximate: metas.some((meta) => meta.approximate),
    },
  };
}

/** Totals come from the result, because distinct counts of buckets do not add up. */
function shapeTotals(results: Answered): Record<MetricName, Measured> {
  const totals = {} as Record<MetricName, Measured>;
  for (const name of METRIC_NAMES) {
    const { totals: of } = METRICS[name].dataset === "sessions" ? results.sessionSeries : results.eventSeries;
    totals[name] = { value: numberOf(of?.[name]), previous: numberOf(of?.[PREVIOUS + name]) };
  }
  return totals;
}

/** Buckets that have started; the one that contains `now` is open. */
function shapePoints(results: Answered, grain: Granularity, zone: string, now: number): Point[] {
  const points = new Map<number, Point>();
  for (const result of [results.sessionSeries, results.eventSeries]) {
    const { cell, measured } = reader(result);
    const dataset = result === results.sessionSeries ? "sessions" : "events";
    for (const row of result.rows) {
      const key = numberOf(cell(row, `time:${grain}`)) ?? 0;
      if (key > now) continue;
      const point = points.get(key) ?? { key, partial: false, values: {} };
      for (const name of metricsOf(dataset)) point.values[name] = measured(row, name);
      points.set(key, point);
    }
  }
  const ordered = [...points.values()].sort((a, b) => a.key - b.key);
  const last = ordered.at(-1);
  if (last) last.partial = isOpen(last.key, grain, zone, now);
  return ordered;
}

function shapeBreakdown(result: QueryResult, tab: Tab): Breakdown {
  const { cell, measured } = reader(result);
  const all = result.totals?.[tab.metric] ?? null;
  const rows = result.rows.flatMap((row): Row[] => {
    const value = cell(row, tab.dimension);
    const counted = measured(row, tab.metric);
    // A page can have events in the range without a view: it has no row.
    if (!counted.value) return [];
    return [
      {
        key: value === null ? "" : `=${String(value)}`,
        value: value === null ? null : String(value),
        count: counted.value,
        share: all ? counted.value / all : 0,
        change: changeOf(counted),
      },
    ];
  });
  return { rows, more: result.rows.length >= CARD_ROWS };
}
