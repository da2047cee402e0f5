import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Filter } from "../../../../schema/wire/filter";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import { HOUR_MS } from "../../../../worker/lib/time";
import { merge, seal } from "../../../../worker/pipeline/fold";
import { answer, type Refusal } from "../../../../worker/questions/query";
import { LAKE } from "../../../support/lake";
import { makeDataset, rowsArbitrary } from "../../../support/query-data";

const stores = { db: env.SHARD_0, lake: LAKE };
const NOW = Date.parse("2026-03-20T15:20:00Z");

/** Always true, and on a dimension that rollups do not have: the same query, answered from the lake. */
const FROM_LAKE: Record<string, Filter> = {
  events: { dimension: "event:title", op: "neq", value: "no such title" },
  sessions: {
    and: [
      { dimension: "visit:country", op: "neq", value: "nowhere" },
      { dimension: "visit:os", op: "neq", value: "none" },
    ],
  },
};

const QUESTIONS: Record<string, Query> = {
  total: { dataset: "events", metrics: ["events", "pageviews", "visitors", "users"], range: "7d" },
  hours: { dataset: "events", metrics: ["events", "visitors"], granularity: "hour", range: "24h" },
  days: { dataset: "events", metrics: ["events", "visitors", "users"], granularity: "day", range: "7d" },
  weeks: { dataset: "events", metrics: ["pageviews", "visitors"], granularity: "week", range: "30d" },
  names: {
    dataset: "events",
    metrics: ["events", "visitors", "users", "sessions"],
    dimensions: ["event:name"],
    range: "7d",
  },
  paths: {
    dataset: "events",
    metrics: ["events", "pageviews", "visitors"],
    dimensions: ["event:path"],
    range: "7d",
  },
  pricing: {
    dataset: "events",
    metrics: ["pageviews", "visitors"],
    filters: { dimension: "event:path", op: "eq", value: "/pricing" },
    range: "7d",
  },
  custom: {
    dataset: "events",
    metrics: ["events", "visitors"],
    range: { from: "2026-03-18T05:00:00Z", to: "2026-03-19T20:00:00Z" },
  },
  sessions: {
    dataset: "sessions",
    metrics: ["sessions", "bounces", "bounce_rate", "session_duration_ms"],
    granularity: "day",
    range: "7d",
  },
  visits: {
    dataset: "sessions",
    metrics: ["sessions", "visitors", "pageviews", "events", "views_per_session"],
    range: "7d",
  },
  sources: {
    dataset: "sessions",
    metrics: ["visitors", "sessions", "bounces"],
    dimensions: ["visit:source"],
    range: "7d",
  },
  entries: {
    dataset: "sessions",
    metrics: ["visitors", "sessions"],
    dimensions: ["visit:entry"],
    range: "7d",
  },
  germans: {
    dataset: "sessions",
    metrics: ["sessions", "visitors"],
    filters: { dimension: "visit:country", op: "in", value: ["DE"] },
    range: "7d",
    compare: "previous",
  },
};

const OLD_QUESTIONS: Record<string, Query> = {
  months: {
    dataset: "events",
    metrics: ["events", "visitors", "users"],
    granularity: "month",
    range: "12mo",
  },
  year: { dataset: "events", metrics: ["events", "pageviews", "visitors", "users"], range: "12mo" },
  quarter: { dataset: "events", metrics: ["events"], range: "90d", compare: "previous" },
  oldNames: {
    dataset: "events",
    metrics: ["events", "visitors", "sessions"],
    dimensions: ["event:name"],
    range: "12mo",
  },
  oldSources: {
    dataset: "sessions",
    metrics: ["sessions", "visitors", "bounce_rate"],
    dimensions: ["visit:source"],
    range: "12mo",
  },
};

/** Ranges that end within days whose hours are sealed. */
const MAY_HAVE_GAPS = new Set(["custom", "germans", "quarter"]);

function resultOf(given: QueryResult | Refusal): QueryResult {
  if ("code" in given) throw new Error(given.detail);
  return given;
}

async function expectSame(
  project: string,
  timezone: string,
  questions: Record<string, Query>,
): Promise<void> {
  const twins = Object.entries(questions).flatMap(([name, query]): [string, Query][] => {
    const always = FROM_LAKE[query.dataset!]!;
    const filters = query.filters ? { and: [query.filters, always] } : always;
    return [
      [name, query],
      [`${name} from the lake`, { ...query, filters }],
    ];
  });
  const answers = await answer(
    stores,
    { project, timezone, currency: "EUR", now: NOW },
    Object.fromEntries(twins),
  );
  for (const name of Object.keys(questions)) {
    const cheap = resultOf(answers[name]!);
    const dear = resultOf(answers[`${name} from the lake`]!);
    expect(dear.meta.source).toBe("lake");
    if (!MAY_HAVE_GAPS.has(name))
      expect({ name, source: cheap.meta.source }).toEqual({ name, source: "rollup" });
    expect({ name, columns: dear.columns, rows: dear.rows }).toEqual({
      name,
      columns: cheap.columns,
      rows: cheap.rows,
    });
    // Totals that rollups do not have are left out, not guessed.
    const known = Object.entries(cheap.totals ?? {}).filter(
      ([metric, total]) => total !== null || metric.includes("_"),
    );
    expect({ name, ...dear.totals }).toMatchObject({ name, ...Object.fromEntries(known) });
  }
}

describe("a rollup answers as the lake does", () => {
  const from = NOW - 9 * 24 * HOUR_MS;
  for (const timezone of ["UTC", "Asia/Kolkata", "America/New_York"]) {
    it(`over random events in ${timezone}, before sealing and after`, async () => {
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(rowsArbitrary(from, NOW, 150), async (rows) => {
          const project = `equal-${timezone.replace("/", "-")}-${++runs}`;
          await makeDataset(project, rows, { now: NOW, timezone });
          await expectSame(project, timezone, QUESTIONS);
          await seal(stores, NOW);
          await merge(stores, Number.MAX_SAFE_INTEGER, NOW);
          await expectSame(project, timezone, QUESTIONS);
        }),
        { numRuns: 8 },
      );
    }, 120_000);
  }

  it("over rollups that have moved to the lake", async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(rowsArbitrary(NOW - 130 * 24 * HOUR_MS, NOW, 150), async (rows) => {
        const project = `old-${++runs}`;
        await makeDataset(project, rows, { now: NOW });
        await seal(stores, NOW);
        const left = await env.SHARD_0.prepare("SELECT min(bucket) AS oldest FROM rollups WHERE project = ?1")
          .bind(project)
          .first<{ oldest: number | null }>();
        expect(left?.oldest ?? NOW).toBeGreaterThan(NOW - 92 * 24 * HOUR_MS);
        await expectSame(project, "UTC", OLD_QUESTIONS);
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});
