import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { Query } from "../../../../schema/wire/query";
import { answer, isRefusal } from "../../../../worker/questions/query";
import { parse } from "../../../../worker/questions/query/parse";
import { Planner, type Sections } from "../../../../worker/questions/query/plan";
import { type Subquery, subqueriesOf } from "../../../../worker/questions/query/plan/subquery";
import { planSubquery } from "../../../../worker/questions/query/plan/subquery-plan";
import { LAKE } from "../../../support/lake";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const show = (time: number) => new Date(time).toISOString().slice(0, 16);

function asks(query: Query, timezone = "UTC"): Sections<Subquery> {
  const question = parse(query, { project: "p", timezone, currency: "EUR", now: NOW });
  if (isRefusal(question)) throw new Error(question.detail);
  return subqueriesOf(question, question.parts[0]!);
}

interface Cut {
  /** Zone of the buckets. */
  zone?: string;
  /** Zone of the query; default: the same. */
  timezone?: string;
  which?: keyof Sections<Subquery>;
}

/** A plan as lines: dimension, spans, gaps; or why it is refused. */
function planned(query: Query, { zone = "UTC", timezone, which = "rows" }: Cut = {}): string[] {
  const found = planSubquery(asks(query, timezone ?? zone)[which]!, { zone, now: NOW });
  if (isRefusal(found)) throw new Error(found.detail);
  if (found.store === "lake") return ["lake", found.why];
  const span = ({ grain, from, to }: (typeof found.spans)[number]) => `${grain} ${show(from)} ${show(to)}`;
  return [
    found.dimension,
    ...found.spans.map(span),
    ...found.gaps.map(({ from, to }) => `gap ${show(from)} ${show(to)}`),
  ];
}

const events = (given: Partial<Query> = {}): Query => ({
  dataset: "events",
  metrics: ["events"],
  range: "7d",
  ...given,
});
const sessions = (given: Partial<Query> = {}): Query => ({
  ...events(given),
  dataset: "sessions",
  metrics: ["sessions"],
  ...given,
});

describe("which store, which rows", () => {
  it.each<[string, Query, string[]]>([
    ["totals of whole days", events(), ["", "day 2026-03-14T00:00 2026-03-21T00:00"]],
    ["days", events({ granularity: "day" }), ["", "day 2026-03-14T00:00 2026-03-21T00:00"]],
    [
      "weeks cut by the range",
      events({ granularity: "week", range: "30d" }),
      ["", "day 2026-02-19T00:00 2026-03-21T00:00"],
    ],
    ["hours", events({ granularity: "hour", range: "24h" }), ["", "hour 2026-03-19T16:00 2026-03-20T16:00"]],
    [
      "a day and the edge before it",
      events({ range: "24h" }),
      ["", "day 2026-03-20T00:00 2026-03-21T00:00", "hour 2026-03-19T16:00 2026-03-20T00:00"],
    ],
    [
      "by event",
      events({ dimensions: ["event:name"] }),
      ["event:name", "day 2026-03-14T00:00 2026-03-21T00:00"],
    ],
    [
      "filtered by its own dimension",
      events({ filters: { dimension: "event:path", op: "starts_with", value: "/blog" } }),
      ["event:path", "day 2026-03-14T00:00 2026-03-21T00:00"],
    ],
    ["sessions", sessions({ metrics: ["bounce_rate"] }), ["", "day 2026-03-14T00:00 2026-03-21T00:00"]],
    [
      "page views of sessions, whose total is no row of its own",
      sessions({ metrics: ["sessions", "pageviews"] }),
      ["visit:device", "day 2026-03-14T00:00 2026-03-21T00:00"],
    ],
    [
      "sources",
      sessions({ metrics: ["visitors"], dimensions: ["visit:source"] }),
      ["visit:source", "day 2026-03-14T00:00 2026-03-21T00:00"],
    ],
    [
      "hours by source within their retention",
      sessions({ dimensions: ["visit:source"], range: "24h" }),
      ["visit:source", "day 2026-03-20T00:00 2026-03-21T00:00", "hour 2026-03-19T16:00 2026-03-20T00:00"],
    ],
    [
      "two dimensions",
      events({ dimensions: ["event:name", "event:path"] }),
      ["lake", "event:name and event:path are not stored together"],
    ],
    [
      "a filter on another dimension",
      events({ dimensions: ["event:name"], filters: { dimension: "event:path", op: "eq", value: "/" } }),
      ["lake", "event:name and event:path are not stored together"],
    ],
    [
      "a property",
      events({ dimensions: ["property:plan"] }),
      ["lake", "property:plan is not in rollups of events"],
    ],
    [
      "a visit's field of events",
      events({ dimensions: ["visit:source"] }),
      ["lake", "visit:source is not in rollups of events"],
    ],
    [
      "what a dimension does not keep",
      events({ metrics: ["pageviews"], dimensions: ["event:name"] }),
      ["lake", "rollups by event:name do not have pageviews"],
    ],
    [
      "visitors by exit page, which moves",
      sessions({ metrics: ["visitors"], dimensions: ["visit:exit"] }),
      ["lake", "rollups by visit:exit do not have visitors"],
    ],
    [
      "sessions of events",
      events({ metrics: ["sessions"] }),
      ["lake", "totals do not have all requested measures"],
    ],
    [
      "a filter that takes none in",
      events({ filters: { dimension: "event:path", op: "neq", value: "/" } }),
      ["lake", "rollups by event:path omit rows without a value"],
    ],
    [
      "minutes",
      events({ range: { from: "2026-03-14T00:10:00Z", to: "2026-03-15" } }),
      ["lake", "the range does not consist of buckets of UTC"],
    ],
    [
      "hours by source that are gone",
      sessions({ dimensions: ["visit:source"], granularity: "hour" }),
      ["lake", "hours by visit:source are stored for 72 hours only"],
    ],
  ])("%s", (_, query, expected) => {
    expect(planned(query)).toEqual(expected);
  });

  it("reads only the partial end of a compared range by dimension from the lake", () => {
    const query = sessions({ dimensions: ["visit:source"], compare: "previous" });
    expect(planned(query, { which: "comparedRows" })).toEqual([
      "visit:source",
      "day 2026-03-07T00:00 2026-03-13T00:00",
      "gap 2026-03-13T00:00 2026-03-13T16:00",
    ]);
  });

  it.each([
    // Same midnights: days serve both.
    ["Europe/Paris", "Europe/Berlin", ["", "day 2026-03-13T23:00 2026-03-20T23:00"]],
    // Other midnights on the same hours: hours serve.
    ["Asia/Tokyo", "UTC", ["", "hour 2026-03-14T15:00 2026-03-21T15:00"]],
    // Hours at other minutes: only rows work.
    ["Asia/Kolkata", "UTC", ["lake", "the range does not consist of buckets of UTC"]],
    ["UTC", "Asia/Kolkata", ["lake", "the range does not consist of buckets of Asia/Kolkata"]],
    // The same half-hour zone.
    ["Asia/Colombo", "Asia/Kolkata", ["", "day 2026-03-13T18:30 2026-03-20T18:30"]],
  ])("queried in %s, bucketed in %s", (timezone, zone, expected) => {
    expect(planned(events({ granularity: "day", timezone }), { zone })).toEqual(expected);
  });

  it("plans totals separately, and once when they equal the rows", () => {
    const found = asks(events({ dimensions: ["event:name"], compare: "previous" }));
    expect(found.totals).toEqual({ ...found.rows, dimensions: [] });
    expect(found.comparedTotals).toMatchObject({ dimensions: [], from: found.comparedRows!.from });
    const plain = asks(events());
    expect(plain.totals).toEqual(plain.rows);
  });
});

describe("refusals", () => {
  const refusal = (query: Query) =>
    parse(query, { project: "p", timezone: "UTC", currency: "EUR", now: NOW });
  const path = { dimension: "event:path" };
  it.each<[Query, string, string | undefined, string]>([
    [{ dataset: "event", metrics: ["events"] }, "unknown_name", "dataset", "did you mean `events`?"],
    [events({ metrics: ["visits"] }), "unknown_name", "metrics.0", "did you mean `visitors`?"],
    [events({ dimensions: ["path"] }), "unknown_name", "dimensions.0", "did you mean `event:path`?"],
    [
      events({ filters: { or: [{ not: { dimension: "event:nam", op: "eq", value: "x" } }] } }),
      "unknown_name",
      "filters.or.0.not.dimension",
      "did you mean `event:name`?",
    ],
    [
      events({ filters: { dimension: "time:day", op: "eq", value: "x" } }),
      "filter_on_time",
      "filters.dimension",
      "`range`",
    ],
    [
      events({ filters: { ...path, op: "in", value: "x" } }),
      "filter_value_invalid",
      "filters.value",
      "a list",
    ],
    [
      events({ filters: { ...path, op: "contains", value: null } }),
      "filter_value_invalid",
      "filters.value",
      "`contains`",
    ],
    [events({ timezone: "Mars/Olympus" }), "time_zone_unknown", "timezone", "Mars/Olympus"],
    [events({ range: { from: "soon" } }), "range_invalid", "range.from", "soon"],
    [events({ range: { from: "2026-03-02", to: "2026-03-01" } }), "range_invalid", "range", "must be before"],
    [
      events({ granularity: "day", dimensions: ["time:hour"] }),
      "granularity_conflict",
      "dimensions",
      "day and hour",
    ],
    [sessions({ dimensions: ["event:path"] }), "dimension_not_groupable", "dimensions.0", "`events`"],
    [events({ order_by: [{ name: "visitors" }] }), "unknown_name", "order_by.0.name", "events"],
    [
      events({ granularity: "hour", range: { from: "2020-01-01" } }),
      "too_many_buckets",
      "granularity",
      "10000",
    ],
    [{ metrics: ["events"] }, "dataset_required", "dataset", "`dataset`"],
    [events({ metrics: [] }), "query_invalid", "metrics", "not valid"],
  ])("%j", (query, code, place, detail) => {
    const found = refusal(query);
    expect(found).toMatchObject({ code, detail: expect.stringContaining(detail) });
    expect("errors" in found && found.errors?.[0]?.path).toBe(place);
  });
});

describe("a batch", () => {
  it("plans each distinct subquery once, and executes the same plans", async () => {
    const planned = vi.spyOn(Planner.prototype, "planSubquery");
    const queries = {
      one: events({ granularity: "day", compare: "previous" }),
      two: events({ granularity: "day", compare: "previous" }),
      three: events({ dimensions: ["event:name", "event:path"] }),
    };
    const context = { project: "nobody", timezone: "UTC", currency: "EUR", now: NOW };
    await answer({ db: env.SHARD_0, lake: LAKE }, context, queries);
    // Rows, totals and the same of the compared range; the third query adds its rows and has the totals of the others.
    expect(planned).toHaveBeenCalledTimes(4 + 1);
    const keys = planned.mock.calls.map(([subquery]) => JSON.stringify(subquery));
    expect(new Set(keys).size).toBe(keys.length);
    planned.mockRestore();
  });
});
