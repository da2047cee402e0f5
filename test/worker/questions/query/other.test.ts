/** Breakdowns with more values than rollups store: lines are exact or have bounds, and `(other)` is the rest. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import type { EventRow } from "../../../../schema/wire/row";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, rebuild, seal } from "../../../../worker/pipeline/fold";
import { commit } from "../../../../worker/pipeline/queue";
import { answer, type Budget, isRefusal } from "../../../../worker/questions/query";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const TODAY = Date.parse("2026-11-20T00:00:00Z");
const ROLLUPS_ONLY: Budget = { rows: 1, bytes: 1 };
const stores = { db: env.SHARD_0, lake: LAKE };

async function ask(project: string, query: Query, now = NOW, budget?: Budget): Promise<QueryResult> {
  const context = { project, timezone: "UTC", currency: "EUR", now };
  const { found } = await answer(stores, context, { found: query }, { budget });
  if (isRefusal(found!)) throw new Error(found!.detail);
  return found!;
}

let events = 0;
async function send(
  project: string,
  rows: Omit<Partial<EventRow>, "event_id">[],
  now: number,
): Promise<void> {
  for (let at = 0; at < rows.length; at += 500) {
    const message = rows
      .slice(at, at + 500)
      .map((row) =>
        makeRow({ timestamp: now - MINUTE_MS, ...row, project_id: project, event_id: `e${events++}` }),
      );
    await commit(stores, [messageOf(`m${events}`, message, now)], now);
  }
}

/** Sends a day's views and closes the day. Page `i` has `1 + (7 i + 3 day) % 11` of them, one in five a click instead. */
async function sendDay(project: string, day: number, now: number, truth: Map<string, number>): Promise<void> {
  const rows: Omit<Partial<EventRow>, "event_id">[] = [];
  for (let page = 0; page < 400; page++) {
    const path = `/page/${page}`;
    const views = 1 + ((7 * page + (3 * day) / DAY_MS) % 11);
    for (let n = 0; n < views; n++) {
      const event_name = n % 5 === 4 ? "click" : "page_view";
      rows.push({ timestamp: day + 9 * HOUR_MS + n, path, event_name, visitor_id: `v${n}` });
    }
    truth.set(path, (truth.get(path) ?? 0) + views);
  }
  await send(project, rows, now);
}

async function settle(now: number): Promise<void> {
  await foldAll(stores, 0, now);
  await deriveMarked(stores, now);
  await seal(stores, now);
  await deriveMarked(stores, now);
}

const PATHS: Query = { dataset: "events", metrics: ["events", "pageviews"], dimensions: ["event:path"] };
const sumOf = ({ rows }: QueryResult) => rows.reduce((sum, row) => sum + Number(row[1]), 0);

/** Checks every line of an answer against the truth. */
function expectRight(found: QueryResult, truth: ReadonlyMap<string, number>): void {
  const lines = found.rows.filter(([path]) => path !== "(other)");
  for (const [i, [path, count]] of lines.entries()) {
    const exact = truth.get(String(path)) ?? 0;
    const most = found.bounds?.[i]?.events ?? 0;
    expect(Number(count)).toBeLessThanOrEqual(exact);
    expect(Number(count) + most).toBeGreaterThanOrEqual(exact);
  }
  expect(sumOf(found)).toBe([...truth.values()].reduce((sum, n) => sum + n, 0));
  if (found.bounds) expect(found.meta.approximate).toBe(true);
  const others = found.rows.findIndex(([path]) => path === "(other)");
  if (others >= 0) expect(others).toBe(found.rows.length - 1);
}

describe("6,000 pages with one view before the most viewed one", () => {
  beforeAll(async () => {
    await addProject("once");
    const once = Array.from({ length: 6000 }, (_, i) => ({ path: `/once/${i}`, visitor_id: `v${i}` }));
    const popular = Array.from({ length: 10_000 }, (_, i) => ({
      path: "/popular",
      visitor_id: `p${i % 300}`,
    }));
    await send("once", once, NOW);
    await foldAll(stores, 0, NOW);
    await send("once", popular, NOW);
    await foldAll(stores, 0, NOW);
  }, 60_000);

  it("has it first, with its exact count", async () => {
    const query: Query = { ...PATHS, metrics: ["events", "visitors"], range: "today", limit: 5 };
    const found = await ask("once", query);
    expect(found.rows[0]).toEqual(["/popular", 10_000, 300]);
    expect(found.rows).toHaveLength(6);
    expect(found.rows[5]?.[0]).toBe("(other)");
  });

  it("has a bound where single events cannot be read", async () => {
    const found = await ask("once", { ...PATHS, range: "today", limit: 5 }, NOW, ROLLUPS_ONLY);
    expect(found.rows[0]).toEqual(["/popular", 10_000, 10_000]);
    expect(found.bounds?.[0]).toEqual({ events: 1, pageviews: 1 });
    expect(found.meta).toMatchObject({ approximate: true, source: "rollup" });
  });

  it("has the same rows once its day is closed as after a rebuild", async () => {
    const later = NOW + 2 * DAY_MS;
    await settle(later);
    const { rollups } = await derivedState("once");
    expect(rollups["day 2026-11-20T00:00:00.000Z event:path /popular"]).toMatchObject({ events: 10_000 });
    await rebuild(env.SHARD_0, "once", { from: 0, to: later }, later);
    await deriveMarked(stores, later);
    expect((await derivedState("once")).rollups).toEqual(rollups);
  }, 60_000);
});

describe.each([
  ["3 days", [3, 2, 1]],
  ["3 years", Array.from({ length: 12 }, (_, i) => 95 * (12 - i))],
])("400 pages a day over %s", (name, ages) => {
  const project = name;
  const truth = new Map<string, number>();
  const range = {
    from: new Date(TODAY - ages[0]! * DAY_MS).toISOString(),
    to: new Date(TODAY).toISOString(),
  };

  beforeAll(async () => {
    await addProject(project);
    for (const age of ages) {
      const day = TODAY - age * DAY_MS;
      const isLive = name === "3 days";
      await sendDay(project, day, isLive ? day + 9 * HOUR_MS + MINUTE_MS : NOW, truth);
      if (isLive) await foldAll(stores, 0, day + 9 * HOUR_MS + MINUTE_MS);
    }
    await settle(NOW);
  }, 120_000);

  it("all lines are exact or have bounds, and the sum is right", async () => {
    const found = await ask(project, { ...PATHS, range, limit: 1000 });
    expect(found.bounds).toBeUndefined();
    expectRight(found, truth);
    expectRight(await ask(project, { ...PATHS, range, limit: 1000 }, NOW, ROLLUPS_ONLY), truth);
  });

  it("the first lines are the most frequent ones, and `(other)` is not one of them", async () => {
    const found = await ask(project, { ...PATHS, range, limit: 10 });
    const best = [...truth].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 10);
    expect(found.rows.slice(0, 10).map(([path, count]) => [path, count])).toEqual(best);
    expect(found.rows).toHaveLength(11);
  });

  it("both attempts share one budget", async () => {
    const clicks = { dimension: "event:name", op: "eq", value: "click" } as const;
    const query: Query = {
      ...{
        metrics: ["events", "metric:clicks"],
        dimensions: ["event:path"],
        dataset: "events",
        range,
        limit: 10,
      },
      define: { clicks: { kind: "aggregate", dataset: "events", aggregation: "count", filters: clicks } },
    };
    const spend = async (bytes: number) => {
      const charged: number[] = [];
      const context = { project, timezone: "UTC", currency: "EUR", now: NOW };
      const charge = (cost: number) => void charged.push(cost);
      const options = { budget: { rows: 1e6, bytes }, charge };
      const { found } = await answer(stores, context, { found: query }, options);
      if (isRefusal(found!)) throw new Error(found!.detail);
      return charged;
    };
    const [first, second] = await spend(1e9);
    expect([first, second].every((cost) => Number(cost) > 0)).toBe(true);
    const both = Number(first) + Number(second);
    expect(await spend(both)).toEqual([first, second]);
    // Lines then have bounds instead.
    expect(await spend(both - 1)).toEqual([first, 0]);
  });

  it("the filter of a line gives its number", async () => {
    const { rows } = await ask(project, { ...PATHS, range, limit: 40 });
    for (const [path, count, pageviews] of [rows[0]!, rows[20]!, rows[39]!]) {
      const filters = { dimension: "event:path", op: "eq", value: String(path) } as const;
      const { totals } = await ask(project, {
        dataset: "events",
        metrics: ["events", "pageviews"],
        range,
        filters,
      });
      expect(totals).toEqual({ events: count, pageviews });
    }
  });

  it("page views are the events named page_view, in every row", async () => {
    const filters = { dimension: "event:name", op: "eq", value: "page_view" } as const;
    const views = {
      kind: "aggregate",
      dataset: "events",
      aggregation: "count",
      filters,
    } as const;
    const query: Query = {
      ...PATHS,
      metrics: ["pageviews", "metric:views"],
      define: { views },
      range,
      limit: 400,
    };
    const { rows } = await ask(project, query);
    const lines = rows.filter(([path]) => path !== "(other)");
    expect(lines.length).toBeGreaterThanOrEqual(250);
    expect(lines.map(([, pageviews]) => pageviews)).toEqual(lines.map(([, , counted]) => counted));
  });

  it("is the same after a rebuild", async () => {
    const before = await ask(project, { ...PATHS, range, limit: 1000 }, NOW, ROLLUPS_ONLY);
    const { rollups } = await derivedState(project);
    await rebuild(env.SHARD_0, project, { from: 0, to: NOW }, NOW);
    await deriveMarked(stores, NOW);
    if (name === "3 days") expect((await derivedState(project)).rollups).toEqual(rollups);
    await settle(NOW);
    const after = await ask(project, { ...PATHS, range, limit: 1000 }, NOW, ROLLUPS_ONLY);
    expect([after.rows, after.bounds]).toEqual([before.rows, before.bounds]);
  }, 120_000);
});
