/** A result of the batch query, small enough to check by hand. */

import { metricsOf } from "../../app/src/views/explore/metrics";
import { type QueryName, questions } from "../../app/src/views/explore/question";
import { parseState } from "../../app/src/views/explore/state";
import type { QueryResult } from "../../schema/wire/query";

export const DAY_MS = 86_400_000;
/** Thursday, 19 November 2026, 00:00 UTC: the second of the two buckets. */
export const TODAY = Date.UTC(2026, 10, 19);

const meta: QueryResult["meta"] = {
  source: "rollup",
  complete_until: TODAY,
  rows_scanned: 1,
  bytes_scanned: 1,
  approximate: false,
  elapsed_ms: 1,
};
const column = (name: string): QueryResult["columns"][number] => ({ name, type: "number" });

function series(dataset: "events" | "sessions"): QueryResult {
  const metrics = metricsOf(dataset);
  const values = (base: number) => metrics.flatMap((_, place) => [base + place, base / 2]);
  return {
    columns: [
      { name: "time:day", type: "time" },
      ...metrics.flatMap((name) => [column(name), column(`previous:${name}`)]),
    ],
    rows: [
      [TODAY - DAY_MS, ...values(100)],
      [TODAY, ...values(40)],
      [TODAY + DAY_MS, ...values(0)],
    ],
    totals: Object.fromEntries(
      metrics.flatMap((name, place) => [
        [name, 1200 + place],
        [`previous:${name}`, 1000],
      ]),
    ),
    meta,
  };
}

function breakdown(dimension: string, metric: string, values: (string | null)[]): QueryResult {
  return {
    columns: [{ name: dimension, type: "string" }, column(metric), column(`previous:${metric}`)],
    rows: values.map((value, index) => [value, 300 - index * 100, index === 0 ? 150 : 0]),
    totals: { [metric]: 600 },
    meta,
  };
}

/** Results of `questions(parseState(""))`. */
export function makeResults(): Record<QueryName, QueryResult> {
  const asked = questions(parseState(""));
  const card = (name: QueryName, values: (string | null)[]) =>
    breakdown(asked[name].dimensions?.[0] ?? "", asked[name].metrics[0] ?? "", values);
  return {
    sessionSeries: series("sessions"),
    eventSeries: series("events"),
    pages: card("pages", ["/", "/pricing"]),
    sources: card("sources", [null, "Google"]),
    campaigns: card("campaigns", []),
    places: card("places", ["DE", "FR"]),
    technology: card("technology", ["Firefox"]),
    events: card("events", ["page_view", "signup"]),
  };
}
