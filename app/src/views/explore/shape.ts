/**
 * From named results to what the dashboard draws. Pure, so that a test can hold a result against a picture.
 * @module
 */
import type { Problem } from "../../../../schema/wire/error";
import type { Granularity, Result } from "../../../../schema/wire/query";
import type { Answer } from "../../client/http";
import { CARD_NAMES, type CardName, type Tab, tabOf } from "./cards";
import { type MetricName, metricsOf } from "./metrics";
import { CARD_ROWS, grainFor, type QueryName } from "./question";
import type { ExploreState } from "./state";

/** A value beside the one it is compared with. Null is "none": nothing was counted, or nothing was asked. */
export interface Measured {
  value: number | null;
  previous: number | null;
}

/** One bucket of time. */
export interface Point {
  /** Epoch ms at which the bucket starts. */
  key: number;
  /** True while the bucket is open. */
  partial: boolean;
  values: Partial<Record<MetricName, Measured>>;
}

/** One line of a breakdown. */
export interface Row {
  key: string;
  value: string | null;
  count: number;
  /** Of all, 0 to 1. */
  share: number;
  /** Ratio against the comparison; null when there was nothing. */
  change: number | null;
}

export interface Breakdown {
  rows: Row[];
  /** True when the answer was cut at its limit. */
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

/** Change from `previous` to `value`; null without something to compare with. */
export function changeOf(measured: Measured): number | null {
  if (measured.value === null || measured.previous === null || measured.previous === 0) return null;
  return measured.value / measured.previous - 1;
}

/** Prefix of the column that holds a metric's compared value. */
const PREVIOUS = "previous:";

type Results = Record<QueryName, Result | Problem>;

function isResult(result: Result | Problem): result is Result {
  return "rows" in result;
}

const number = (cell: unknown): number | null => (typeof cell === "number" ? cell : null);

/** Reads columns of a result by name. */
function reader(result: Result) {
  const places = new Map(result.columns.map((column, index) => [column.name, index]));
  const cell = (row: Result["rows"][number], name: string) => row[places.get(name) ?? -1] ?? null;
  return {
    cell,
    measured: (row: Result["rows"][number] | undefined, name: string): Measured => ({
      value: row ? number(cell(row, name)) : null,
      previous: row ? number(cell(row, PREVIOUS + name)) : null,
    }),
  };
}

/** The whole page from the batch; the first refusal stands for all, since they share range and filters. */
export function shapeDashboard(results: Results, state: ExploreState): Answer<Dashboard> {
  const refused = Object.values(results).find((result): result is Problem => !isResult(result));
  if (refused) return { ok: false, problem: refused };
  const answered = results as Record<QueryName, Result>;
  const cards = {} as Record<CardName, Breakdown>;
  for (const name of CARD_NAMES) cards[name] = shapeBreakdown(answered[name], tabOf(name, state.tabs[name]));
  return {
    ok: true,
    data: {
      granularity: grainFor(state),
      totals: shapeTotals(answered),
      top: cards.events.rows.find((row) => row.value !== null) ?? null,
      points: shapePoints(answered, grainFor(state)),
      cards,
      completeUntil: answered.happenings.meta.complete_until,
      approximate: answered.people.meta.approximate || answered.happenings.meta.approximate,
    },
  };
}

function shapeTotals(results: Record<QueryName, Result>): Record<MetricName, Measured> {
  const of = (result: Result, name: MetricName) => reader(result).measured(result.rows[0], name);
  const totals = {} as Record<MetricName, Measured>;
  for (const name of metricsOf("sessions")) totals[name] = of(results.people, name);
  for (const name of metricsOf("events")) totals[name] = of(results.happenings, name);
  return totals;
}

function shapePoints(results: Record<QueryName, Result>, grain: Granularity): Point[] {
  const points = new Map<number, Point>();
  for (const dataset of ["sessions", "events"] as const) {
    const result = dataset === "sessions" ? results.people_over_time : results.happenings_over_time;
    const { cell, measured } = reader(result);
    for (const row of result.rows) {
      const key = startOf(cell(row, `time:${grain}`));
      const point = points.get(key) ?? { key, partial: false, values: {} };
      for (const name of metricsOf(dataset)) point.values[name] = measured(row, name);
      points.set(key, point);
    }
  }
  return [...points.values()].sort((a, b) => a.key - b.key);
}

/** A bucket's start as epoch ms, however the result writes it. */
function startOf(cell: unknown): number {
  return typeof cell === "number" ? cell : Date.parse(String(cell));
}

function shapeBreakdown(result: Result, tab: Tab): Breakdown {
  const { cell, measured } = reader(result);
  const all = result.totals?.[tab.metric] ?? null;
  const rows = result.rows.map((row): Row => {
    const value = cell(row, tab.dimension);
    const counted = measured(row, tab.metric);
    const count = counted.value ?? 0;
    return {
      key: value === null ? "" : `=${String(value)}`,
      value: value === null ? null : String(value),
      count,
      share: all ? count / all : 0,
      change: changeOf(counted),
    };
  });
  return { rows, more: rows.length >= CARD_ROWS };
}
