import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import type { EventRow } from "../../../../schema/wire/row";
import { HOUR_MS } from "../../../../worker/lib/time";
import { merge } from "../../../../worker/pipeline/fold";
import { type SegmentInfo, segmentPath } from "../../../../worker/pipeline/lake";
import {
  comparePositions,
  isBounce,
  isCounted,
  positionOf,
  type Session,
  Sessionizer,
} from "../../../../worker/pipeline/rollup";
import {
  type AnswerOptions,
  answer,
  explain,
  isRefusal,
  type Refusal,
  readProjectState,
} from "../../../../worker/questions/query";
import { countingBucket } from "../../../support/counting-bucket";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { makeDataset, rowsArbitrary } from "../../../support/query-data";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const asker = (project: string) => ({ project, timezone: "UTC", currency: "EUR", now: NOW });
const stores = { db: env.SHARD_0, lake: LAKE };

function resultOf(given: QueryResult | Refusal): QueryResult {
  if ("code" in given) throw new Error(given.detail);
  return given;
}

async function ask(
  project: string,
  query: Query,
  options: AnswerOptions & { lake?: R2Bucket } = {},
): Promise<QueryResult | Refusal> {
  const { lake = LAKE, ...rest } = options;
  return (await answer({ db: env.SHARD_0, lake }, asker(project), { query }, rest)).query;
}

/** Counted events with the session of each, by the session rules. */
function withSessions(rows: EventRow[]): { events: [EventRow, Session][]; sessions: Set<Session> } {
  const sessionizer = new Sessionizer("UTC");
  const ordered = rows.toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)));
  const all = ordered.map((row): [EventRow, Session] => [row, sessionizer.add(row)]);
  return {
    events: all.filter(([row]) => isCounted(row)),
    sessions: new Set(all.map(([, session]) => session)),
  };
}

const distinctVisitors = (rows: EventRow[]) =>
  new Set(
    rows.map((r) =>
      r.distinct_id ? r.visitor_id : `${r.visitor_id} ${Math.floor(r.timestamp / 86_400_000)}`,
    ),
  ).size;
const propertyOf = (row: EventRow, key: string): string | null =>
  row.properties ? (JSON.parse(row.properties)[key] ?? null) : null;
const sorted = (rows: QueryResult["rows"]) => rows.map((row) => JSON.stringify(row)).sort();

describe("a scan of the lake equals an independent computation", () => {
  it("by visit and event, by property, with every operator", async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(rowsArbitrary(NOW - 5 * 24 * HOUR_MS, NOW, 120), async (rows) => {
        const project = `scan-${++runs}`;
        await makeDataset(project, rows, { now: NOW });
        const { events, sessions } = withSessions(rows);
        const answers = await answer(stores, asker(project), {
          grouped: {
            dataset: "events",
            metrics: ["events", "visitors"],
            dimensions: ["visit:country", "event:name"],
            range: "7d",
            limit: 1000,
          },
          plans: {
            dataset: "events",
            metrics: ["events", "sessions"],
            dimensions: ["property:plan"],
            range: "7d",
          },
          mixed: {
            dataset: "events",
            metrics: ["events"],
            range: "7d",
            filters: {
              or: [
                {
                  and: [
                    { dimension: "visit:source", op: "is_set", value: false },
                    { dimension: "event:path", op: "matches", value: "/*ic*g" },
                  ],
                },
                { not: { dimension: "event:name", op: "in", value: ["page_view", "$identify"] } },
                { dimension: "property:plan", op: "starts_with", value: "pr" },
              ],
            },
          },
          having: {
            dataset: "sessions",
            metrics: ["sessions", "bounces", "pageviews"],
            range: "7d",
            filters: {
              and: [
                { dimension: "event:path", op: "eq", value: "/pricing" },
                { dimension: "visit:country", op: "neq", value: "DE" },
              ],
            },
          },
        });

        const grouped = Map.groupBy(events, ([row, s]) => JSON.stringify([s.fields.country, row.event_name]));
        expect(sorted(resultOf(answers.grouped).rows)).toEqual(
          sorted(
            [...grouped].map(([key, group]) => [
              ...JSON.parse(key),
              group.length,
              distinctVisitors(group.map(([r]) => r)),
            ]),
          ),
        );

        const plans = Map.groupBy(
          events.filter(([row]) => propertyOf(row, "plan")),
          ([row]) => propertyOf(row, "plan")!,
        );
        const daySessions = (group: [EventRow, Session][]) =>
          new Set(group.map(([r, s]) => `${s.key}@${s.started_at} ${Math.floor(r.timestamp / 86_400_000)}`))
            .size;
        expect(sorted(resultOf(answers.plans).rows)).toEqual(
          sorted([...plans].map(([plan, group]) => [plan, group.length, daySessions(group)])),
        );

        const mixed = events.filter(
          ([row, s]) =>
            (s.fields.source === null && row.path === "/pricing") ||
            !["page_view", "$identify"].includes(row.event_name) ||
            propertyOf(row, "plan") === "pro",
        );
        expect(resultOf(answers.mixed).rows).toEqual([[mixed.length]]);

        const having = new Set(events.filter(([row]) => row.path === "/pricing").map(([, s]) => s));
        const chosen = [...sessions].filter((s) => having.has(s) && s.fields.country !== "DE");
        const pageviews = chosen.reduce((sum, s) => sum + s.pageviews, 0);
        expect(resultOf(answers.having).rows).toEqual([
          [chosen.length, chosen.filter(isBounce).length, pageviews],
        ]);
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it("follows an anonymous session past midnight, when the visitor's id changes", async () => {
    const midnight = Date.parse("2026-03-19T00:00:00Z");
    const row = (id: string, minutes: number, given: Partial<EventRow>) =>
      makeRow({ event_id: id, timestamp: midnight + minutes * 60_000, ...given });
    await makeDataset(
      "midnight",
      [
        row("a", -10, { visitor_id: "old", country: "FR" }),
        row("b", 10, { visitor_id: "new", previous_anonymous_id: "old", country: "DE", path: "/late" }),
        row("c", 35, { visitor_id: "new", country: "DE", path: "/later" }),
      ],
      { now: NOW },
    );
    const found = await ask("midnight", {
      dataset: "events",
      metrics: ["events", "visitors", "sessions"],
      dimensions: ["visit:country"],
      range: "7d",
    });
    // Two days: each visitor id, and the one session, count on both.
    expect(resultOf(found).rows).toEqual([["FR", 3, 2, 2]]);
  });
});

describe("cost", () => {
  const rows = Array.from({ length: 200 }, (_, i) =>
    makeRow({ event_id: `e${i}`, timestamp: NOW - i * HOUR_MS, visitor_id: `v${i % 7}`, path: `/${i % 3}` }),
  );
  const query: Query = {
    dataset: "events",
    metrics: ["visitors"],
    dimensions: ["event:path", "event:name"],
    range: "7d",
  };

  it("over the budget is refused before anything is read, with a narrower range", async () => {
    await makeDataset("dear", rows, { now: NOW });
    const { bucket, counts } = countingBucket(LAKE);
    const refused = await ask("dear", query, { lake: bucket, budget: { rows: 100, bytes: 1e6 } });
    expect(refused).toEqual({
      code: "budget_exceeded",
      detail: expect.stringMatching(/ 1\d\d rows.* 100 rows .* about \d days/),
      errors: [expect.objectContaining({ path: "range" })],
    });
    expect(counts.gets).toBe(0);
  });

  it("is shared: many queries over the same rows read each object once", async () => {
    await makeDataset("shared", rows, { now: NOW });
    const { bucket, counts, reset } = countingBucket(LAKE);
    await ask("shared", query, { lake: bucket });
    const once = counts.gets;
    expect(once).toBeGreaterThan(0);
    reset();
    const paths = ["/0", "/1", "/2"].map((value): [string, Query] => [
      value,
      { ...query, filters: { dimension: "event:path", op: "eq", value } },
    ]);
    await answer({ ...stores, lake: bucket }, asker("shared"), Object.fromEntries(paths));
    expect(counts.gets).toBe(once);
  });

  it("of two partial days does not include the days in between", async () => {
    const range = { from: "2026-03-13T05:00:00Z", to: "2026-03-16T20:00:00Z" };
    const cut: Query = { dataset: "events", metrics: ["visitors"], dimensions: ["event:path"], range };
    const found = resultOf(await ask("dear", cut));
    // One event an hour: 19 and 20 hours from the lake; the total also reads those hours and two days from rollups.
    expect(found.meta).toMatchObject({ source: "lake", rows_scanned: 39 + 39 + 2 });
    expect(found.rows.reduce((sum, row) => sum + Number(row[1]), 0)).toBeGreaterThan(0);
  });

  it("of a page is bounded too", async () => {
    const days = ["13", "14", "15", "16"].map((day): [string, Query] => {
      const range = { from: `2026-03-${day}`, to: `2026-03-${Number(day) + 1}` };
      return [day, { ...query, range }];
    });
    const [first] = days;
    const state = await readProjectState(env.SHARD_0, "dear", "UTC");
    const explained = await explain(env.SHARD_0, asker("dear"), first![1], state);
    if (isRefusal(explained)) throw new Error(explained.detail);
    // Enough for one of them and not for two; they share no reads.
    const budget = { rows: 1000, bytes: explained.cost.bytes * 1.4 };
    expect(await ask("dear", first![1], { budget })).toHaveProperty("rows");
    const page = await answer(stores, asker("dear"), Object.fromEntries(days), {
      budget,
    });
    const refused = Object.values(page).filter((one) => "code" in one);
    expect(refused).toHaveLength(3);
    expect(refused[0]).toMatchObject({
      code: "budget_exceeded",
      detail: expect.stringContaining("With the request's other queries"),
    });
  });

  it("of a compared half day of long ago is paid once", async () => {
    await makeDataset("memo", rows, { now: NOW });
    const compared: Query = {
      dataset: "events",
      metrics: ["events"],
      dimensions: ["event:path"],
      range: { from: "2026-03-19", to: "2026-03-20T16:00:00Z" },
      compare: "previous",
    };
    await env.SHARD_0.prepare("DELETE FROM open_sessions WHERE project = 'memo'").run();
    const long = { ...compared, range: { from: "2026-03-17", to: "2026-03-20T16:00:00Z" } };
    const { bucket, counts, reset } = countingBucket(LAKE);
    const first = resultOf(await ask("memo", long, { lake: bucket }));
    expect(counts.gets).toBeGreaterThan(0);
    reset();
    const second = resultOf(await ask("memo", long, { lake: bucket }));
    expect(counts.gets).toBe(0);
    expect(second.rows).toEqual(first.rows);
  });

  it("rollups are read without reading the lake", async () => {
    const { bucket, counts } = countingBucket(LAKE);
    const found = await ask(
      "dear",
      { dataset: "events", metrics: ["visitors"], granularity: "day" },
      { lake: bucket },
    );
    expect(resultOf(found).meta.source).toBe("rollup");
    expect(counts.gets).toBe(0);
  });
});

describe("merging", () => {
  it("changes no result, also when it happens while a query runs", async () => {
    const rows = Array.from({ length: 400 }, (_, i) =>
      makeRow({ event_id: `m${i}`, timestamp: NOW - i * 60_000, visitor_id: `v${i % 9}`, path: `/${i % 4}` }),
    );
    await makeDataset("merging", rows, { now: NOW });
    const query: Query = {
      dataset: "events",
      metrics: ["events", "visitors"],
      dimensions: ["event:path", "visit:device"],
      range: "24h",
    };
    const before = resultOf(await ask("merging", query));
    expect(before.rows).toHaveLength(4);

    let merges = 0;
    const racing = new Proxy(LAKE, {
      get: (lake, name) => {
        if (name !== "get") return Reflect.get(lake, name).bind(lake);
        return async (...args: Parameters<R2Bucket["get"]>) => {
          if (merges === 0) {
            merges = await merge(stores, Number.MAX_SAFE_INTEGER, NOW);
            const dead = await env.SHARD_0.prepare(
              "SELECT dataset, level, id FROM segments WHERE dead_at IS NOT NULL",
            ).all<Pick<SegmentInfo, "dataset" | "level" | "id">>();
            await lake.delete(dead.results.map((s) => segmentPath(s.dataset, s.level, s.id)));
          }
          return lake.get(...args);
        };
      },
    });
    const during = resultOf(await ask("merging", query, { lake: racing }));
    expect(merges).toBeGreaterThan(0);
    expect(during.rows).toEqual(before.rows);
    expect(resultOf(await ask("merging", query)).rows).toEqual(before.rows);
  });
});

describe("conditions on events and on visits", () => {
  it("cannot be combined by `or` when sessions are counted", async () => {
    const found = await ask("nobody", {
      dataset: "sessions",
      metrics: ["sessions"],
      filters: {
        or: [
          { dimension: "event:path", op: "eq", value: "/" },
          { dimension: "visit:country", op: "eq", value: "DE" },
        ],
      },
    });
    expect(found).toMatchObject({
      code: "filter_not_combinable",
      errors: [{ path: "filters" }],
    });
  });

  it("a project without events returns zeros and no rows", async () => {
    const total = resultOf(await ask("nobody", { dataset: "events", metrics: ["events", "visitors"] }));
    expect(total).toMatchObject({ rows: [[0, 0]], meta: { complete_until: null } });
    const rate = resultOf(await ask("nobody", { dataset: "sessions", metrics: ["bounce_rate"] }));
    expect(rate.rows).toEqual([[null]]);
  });
});
