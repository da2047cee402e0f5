import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { MetricRule } from "../../../../schema/wire/metric";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import { DATASETS as LAKE } from "../../../../worker/pipeline/lake";
import { DATASETS, martOf } from "../../../../worker/questions/metrics";
import { answer, explain, isRefusal, listFields, readProjectState } from "../../../../worker/questions/query";
import { makeAccount } from "../../../support/client";
import { LAKE as BUCKET } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { makeDataset } from "../../../support/query-data";
import { byMonth, campaignsOf, makeAd, putMart } from "./mart-data";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const HOUR = 3_600_000;
const stores = { db: env.SHARD_0, lake: BUCKET };
const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const asker = (project: string, timezone = "UTC", currency = "EUR") => ({
  project,
  timezone,
  currency,
  now: NOW,
});

async function found(project: string, query: Query, timezone?: string, currency?: string) {
  return (await answer(stores, asker(project, timezone, currency), { query })).query;
}
async function ask(
  project: string,
  query: Query,
  timezone?: string,
  currency?: string,
): Promise<QueryResult> {
  const one = await found(project, query, timezone, currency);
  if ("code" in one) throw new Error(`${one.detail} at ${one.errors?.[0]?.path}`);
  return one;
}
async function refusal(query: Query) {
  const one = await found("shop", query);
  if (!("code" in one)) throw new Error("was answered");
  const { code, detail, errors } = one;
  return { code, path: errors?.[0]?.path, detail };
}

const ADS = [
  makeAd({ date: day("2026-03-18"), impressions: 1000, clicks: 10, spend: 20, conversions: 2, value: 50 }),
  makeAd({
    date: day("2026-03-19"),
    impressions: 3000,
    clicks: 60,
    spend: 30,
    conversions: 0.5,
    value: 75,
    ad_id: "ad2",
    ad: "Blue shoes",
  }),
  makeAd({ date: day("2026-03-20"), impressions: 10, clicks: 1, spend: 1 }),
  makeAd({
    date: day("2026-03-19"),
    platform: "meta_ads",
    source_id: "s2",
    campaign_id: "c2",
    campaign: "Launch",
    utm_campaign: "launch",
    utm_source: "facebook",
    impressions: 500,
    clicks: 5,
    spend: null,
    value: null,
  }),
  makeAd({ date: day("2026-03-19"), ad_id: "ad3", ad: "Gone", status: "removed", clicks: 100, spend: 7 }),
];

beforeAll(async () => {
  const events = [
    ["spring", "signup"],
    ["spring", "signup"],
    ["launch", "signup"],
    ["spring", "page_view"],
    ["news", "signup"],
  ].map(([utm_campaign, event_name], i) =>
    makeRow({
      event_id: `e${i}`,
      timestamp: NOW - 30 * HOUR - i,
      visitor_id: `v${i}`,
      session_id: `s${i}`,
      event_name,
      utm_campaign,
    }),
  );
  await makeDataset("shop", events, { now: NOW });
  const ads = ADS.map((row) => ({ ...row, project_id: "shop" }));
  await putMart("shop", "ads_ads", byMonth(ads), { now: NOW, until: NOW - HOUR });
  await putMart("shop", "ads_campaigns", byMonth(campaignsOf(ads)), { now: NOW, until: NOW - HOUR });
  const { ad_id, ad, creative, ...rest } = ads[0]!;
  const keyword = { ...rest, keyword_id: "k1", keyword: "red shoes", match_type: "EXACT", clicks: 4 };
  await putMart("shop", "ads_keywords", byMonth([keyword]), { now: NOW, until: NOW - 2 * HOUR });
});

const ALL = ["ctr", "cpc", "cpm", "cpa", "roas", "roi"];

describe("metrics of ads", () => {
  it("are ratios of sums, and null when the denominator is 0", async () => {
    const { rows, totals } = await ask("shop", {
      dataset: "ads",
      metrics: ALL,
      range: { from: "2026-03-18", to: "2026-03-20" },
      granularity: "day",
    });
    expect(rows).toEqual([
      [day("2026-03-18"), 0.01, 2, 20, 10, 2.5, 1.5],
      [day("2026-03-19"), 65 / 3500, 30 / 65, (30 / 3500) * 1000, 60, 2.5, 1.5],
    ]);
    expect(totals).toEqual({
      ctr: 75 / 4500,
      cpc: 50 / 75,
      cpm: (50 / 4500) * 1000,
      cpa: 20,
      roas: 2.5,
      roi: 1.5,
    });
    const nothing = await ask("shop", {
      dataset: "ads",
      metrics: ["spend", ...ALL],
      range: { from: "2026-01-01", to: "2026-01-02" },
    });
    expect(nothing.rows).toEqual([[0, null, null, null, null, null, null]]);
  });

  it("leave out removed ads unless the status is named", async () => {
    const clicks = async (query: Partial<Query>) =>
      (await ask("shop", { dataset: "ads", metrics: ["clicks"], ...query })).rows;
    expect(await clicks({})).toEqual([[76]]);
    expect(await clicks({ dimensions: ["ads:status"] })).toEqual([
      ["removed", 100],
      ["active", 76],
    ]);
    const removed = { dimension: "ads:status", op: "eq", value: "removed" } as const;
    expect(await clicks({ filters: removed })).toEqual([[100]]);
    expect(await clicks({ filters: { not: removed } })).toEqual([[76]]);
    // A metric whose own filter names the status decides itself what it counts.
    const define: Record<string, MetricRule> = {
      all: {
        kind: "aggregate",
        dataset: "ads",
        aggregation: "sum",
        field: "ads:clicks",
        filters: { dimension: "ads:status", op: "is_set", value: true },
      },
      shown: { kind: "aggregate", dataset: "ads", aggregation: "sum", field: "ads:clicks" },
    };
    expect(await clicks({ metrics: ["metric:all", "metric:shown"], define })).toEqual([[176, 76]]);
  });

  it("are in the project's currency, which results name", async () => {
    const query: Query = { dataset: "ads", metrics: ["spend", "cpc", "roas", "clicks"], compare: "previous" };
    const { columns } = await ask("shop", query, "UTC", "JPY");
    expect(columns.map(({ unit }) => unit)).toEqual([
      "currency:JPY",
      "currency:JPY",
      "currency:JPY",
      "currency:JPY",
      "ratio",
      "ratio",
      "count",
      "count",
    ]);
  });

  it("are computed from rows of ads where they are not additive", async () => {
    const define: Record<string, MetricRule> = {
      largest: { kind: "aggregate", dataset: "ads", aggregation: "max", field: "ads:clicks" },
      days: { kind: "aggregate", dataset: "ads", aggregation: "count" },
      campaigns: { kind: "aggregate", dataset: "ads", aggregation: "unique", field: "ads:campaign" },
    };
    const metrics = ["metric:largest", "metric:days", "metric:campaigns"];
    expect((await ask("shop", { metrics, define })).rows).toEqual([[60, 4, 2]]);
  });
});

describe("levels", () => {
  const read = async (query: Partial<Query>) => {
    const state = await readProjectState(env.SHARD_0, "shop", "UTC");
    const asked: Query = { dataset: "ads", metrics: ["clicks"], ...query };
    const found = await explain(env.SHARD_0, asker("shop"), asked, state);
    if (isRefusal(found)) throw new Error(found.detail);
    expect(found.reads[0]).toMatchObject({ dataset: "ads", store: "lake" });
    return found.cost.rows;
  };

  it("are the cheapest with all requested columns", async () => {
    expect(await read({})).toBe(campaignsOf(ADS).length);
    expect(await read({ dimensions: ["ads:ad_group"] })).toBe(ADS.length);
    expect(await read({ filters: { dimension: "ads:creative", op: "is_set", value: false } })).toBe(
      ADS.length,
    );
    expect(await read({ dimensions: ["ads:keyword", "ads:ad_group"] })).toBe(1);
  });

  it("are the same for rows and totals, each with its own state", async () => {
    const query: Query = { dataset: "ads", metrics: ["clicks"], dimensions: ["ads:keyword"] };
    const { rows, totals, meta } = await ask("shop", query);
    expect([rows, totals]).toEqual([[["red shoes", 4]], { clicks: 4 }]);
    expect(meta.complete_until).toBe(NOW - 2 * HOUR);
    const ads = await ask("shop", { ...query, dimensions: ["ads:ad"] });
    expect(ads.meta.complete_until).toBe(NOW - HOUR);
  });

  it("dimensions that no level has together are refused", async () => {
    expect(
      await refusal({ dataset: "ads", metrics: ["clicks"], dimensions: ["ads:ad", "ads:keyword"] }),
    ).toEqual({
      code: "names_not_combinable",
      path: "dimensions",
      detail: expect.stringContaining("`ads:ad` and `ads:keyword`"),
    });
    const filters = { dimension: "ads:creative", op: "eq", value: "x" } as const;
    expect(
      await refusal({ dataset: "ads", metrics: ["clicks"], dimensions: ["ads:match_type"], filters }),
    ).toMatchObject({ detail: expect.stringContaining("`ads:match_type` and `ads:creative`") });
  });

  it("have every column that is declared", () => {
    for (const dataset of Object.values(DATASETS)) {
      const mart = martOf(dataset);
      if (!mart) continue;
      const columns = new Set(
        mart.levels.flatMap((level) => Object.keys(LAKE[level as keyof typeof LAKE].columns)),
      );
      const declared = [
        dataset.time,
        ...Object.values(dataset.dimensions).flatMap(({ origin }) =>
          origin.kind === "column" ? origin.column : [],
        ),
        ...Object.values(dataset.numbers ?? {}).flatMap(({ column, less }) => [
          column,
          ...(less ? [less] : []),
        ]),
        ...Object.values(dataset.measures).flatMap(({ aggregate }) =>
          aggregate.kind === "sum" ? [aggregate.column, ...(aggregate.where ? [aggregate.where] : [])] : [],
        ),
      ];
      for (const column of declared) expect(columns, dataset.name).toContain(column);
    }
  });
});

describe("calendar days", () => {
  it("are days of the query's zone, including today", async () => {
    for (const zone of ["UTC", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"]) {
      const query: Query = { dataset: "ads", metrics: ["clicks"], granularity: "day", range: "7d" };
      const { rows } = await ask("shop", query, zone);
      const date = new Intl.DateTimeFormat("en-CA", { timeZone: zone });
      const byDate = Object.fromEntries(rows.map(([start, clicks]) => [date.format(Number(start)), clicks]));
      expect(byDate, zone).toMatchObject({ "2026-03-18": 10, "2026-03-19": 65, "2026-03-20": 1 });
    }
    const today = await ask("shop", { dataset: "ads", metrics: ["clicks"], range: "today" });
    expect(today.rows).toEqual([[1]]);
    const compared = await ask("shop", {
      dataset: "ads",
      metrics: ["clicks"],
      range: "today",
      compare: "previous",
    });
    expect(compared.rows).toEqual([[1, 65]]);
  });

  it("have no hours", async () => {
    const refused = { code: "granularity_not_supported" };
    const query: Query = { dataset: "ads", metrics: ["clicks"] };
    expect(await refusal({ ...query, granularity: "hour" })).toMatchObject({
      path: "granularity",
      ...refused,
    });
    expect(await refusal({ ...query, dimensions: ["time:hour"] })).toMatchObject(refused);
    const define: Record<string, MetricRule> = {
      per: { kind: "formula", formula: "ads.spend / events.events" },
    };
    expect(await refusal({ metrics: ["metric:per"], define, granularity: "hour" })).toMatchObject(refused);
  });
});

describe("ads beside events", () => {
  const define: Record<string, MetricRule> = {
    signups: {
      kind: "aggregate",
      dataset: "events",
      aggregation: "count",
      filters: { dimension: "event:name", op: "eq", value: "signup" },
    },
    cost_per_signup: { kind: "formula", formula: "ads.spend / signups" },
  };
  const metrics = ["metric:cost_per_signup", "metric:signups"];

  it("break down by campaign parameters together", async () => {
    const result = await ask("shop", { metrics, define, dimensions: ["visit:utm_campaign"] });
    expect(result.rows).toEqual([
      ["spring", 25.5, 2],
      ["news", 0, 1],
      // Its currency has no rate.
      ["launch", null, 1],
    ]);
    expect(result.totals).toEqual({ "metric:cost_per_signup": 51 / 4, "metric:signups": 4 });
    expect(result.columns.map(({ unit }) => unit)).toEqual([undefined, "currency:EUR", "count"]);
    expect(result.meta).toMatchObject({ source: "lake", complete_until: NOW - HOUR });
  });

  it("line up by day, compared", async () => {
    const query: Query = { metrics, define, granularity: "day", range: "7d", compare: "previous" };
    const { rows } = await ask("shop", query);
    expect(rows.at(-2)).toEqual([day("2026-03-19"), 7.5, null, 4, 0]);
    expect(rows.at(-1)).toEqual([day("2026-03-20"), null, null, 0, 0]);
  });

  it("combine amounts only in the project's currency", async () => {
    const unit = async (formula: string) => {
      const one = await found("shop", {
        metrics: ["metric:it"],
        define: { it: { kind: "formula", formula } },
      });
      return "code" in one ? one.detail : one.columns[0]?.unit;
    };
    expect(await unit("ads.spend / deals.won")).toBe("currency:EUR");
    expect(await unit("deals.won_amount - ads.spend")).toBe("currency:EUR");
    expect(await unit("subscriptions.mrr / ads.spend")).toBe("ratio");
    expect(await unit("ads.spend + ads.clicks")).toContain("the project's currency and a count");
    const mixed = await found("shop", {
      metrics: ["metric:it"],
      define: {
        price: {
          kind: "aggregate",
          dataset: "events",
          aggregation: "sum",
          field: "property:price",
          unit: "currency:EUR",
        },
        it: { kind: "formula", formula: "price - ads.spend" },
      },
    });
    expect("code" in mixed && mixed.detail).toContain("different currencies");
  });
});

describe("deals, subscriptions and contacts", () => {
  beforeAll(async () => {
    const at = (hours: number) => NOW - hours * HOUR;
    const utm = { utm_source: null, utm_medium: null, utm_campaign: "spring" };
    const deal = {
      project_id: "shop",
      source_id: "crm",
      pipeline: "Sales",
      owner: null,
      currency: "USD",
      contact_id: null,
      contact_source: "PAID_SEARCH",
      ...utm,
    };
    const deals = [
      {
        ...deal,
        created_at: at(1),
        deal_id: "1",
        name: "One",
        stage: "Won",
        is_won: true,
        is_closed: true,
        amount_minor: 100,
        amount: 90,
        closed_at: at(0),
      },
      {
        ...deal,
        created_at: at(50),
        deal_id: "2",
        name: "Two",
        stage: "Lost",
        is_won: false,
        is_closed: true,
        amount_minor: 10,
        amount: 9,
        closed_at: at(49),
      },
      {
        ...deal,
        created_at: at(50),
        deal_id: "3",
        name: "Three",
        stage: "Open",
        is_won: false,
        is_closed: false,
        amount_minor: null,
        amount: null,
        closed_at: null,
      },
    ];
    await putMart("shop", "deals", { crm: deals }, { now: NOW, until: NOW });
    const subscription = {
      project_id: "shop",
      source_id: "bill",
      email_hash: null,
      country: "DE",
      product: "Pro",
      price: null,
      interval: "month",
      quantity: 1,
      currency: "USD",
      trial_started_at: null,
      trial_ended_at: null,
      canceled_at: null,
      ended_at: null,
    };
    const subscriptions = [
      {
        ...subscription,
        started_at: at(3),
        subscription_id: "1",
        customer_id: "a",
        status: "active",
        mrr_minor: 1000,
        mrr: 9,
      },
      {
        ...subscription,
        started_at: at(4),
        subscription_id: "2",
        customer_id: "a",
        status: "active",
        mrr_minor: 2000,
        mrr: 18,
      },
      {
        ...subscription,
        started_at: at(5),
        subscription_id: "3",
        customer_id: "b",
        status: "canceled",
        mrr_minor: 0,
        mrr: 0,
        ended_at: at(1),
      },
    ];
    await putMart("shop", "subscriptions", { bill: subscriptions }, { now: NOW, until: NOW });
    const contact = {
      project_id: "shop",
      source_id: "crm",
      email_hash: "hash",
      status: null,
      source: "ORGANIC",
      country: null,
      company: null,
      owner: null,
      lifecycle_stage: "lead",
      ...utm,
    };
    const contacts = [
      { ...contact, created_at: at(30), contact_id: "1", is_customer: true, became_customer_at: at(20) },
      { ...contact, created_at: at(30), contact_id: "2", is_customer: false, became_customer_at: null },
    ];
    await putMart("shop", "contacts", { crm: contacts, other: [] }, { now: NOW, until: null });
  });

  it("are counted in their current state", async () => {
    const metrics = ["deals", "won", "closed", "amount", "won_amount", "win_rate", "average_won"];
    expect((await ask("shop", { dataset: "deals", metrics })).rows).toEqual([[3, 1, 2, 99, 90, 0.5, 90]]);
    const byWon: Query = { dataset: "deals", metrics: ["deals"], dimensions: ["deals:is_won"] };
    expect((await ask("shop", byWon)).rows).toEqual([
      ["false", 2],
      ["true", 1],
    ]);
    const filters = { dimension: "deals:is_won", op: "eq", value: true } as const;
    expect((await ask("shop", { dataset: "deals", metrics: ["amount"], filters })).rows).toEqual([[90]]);
    expect(
      (
        await ask("shop", { dataset: "deals", metrics: ["deals"], granularity: "hour", range: "24h" })
      ).rows.at(-2),
    ).toEqual([NOW - 80 * 60_000, 1]);
    expect(
      (
        await ask("shop", {
          dataset: "subscriptions",
          metrics: ["subscriptions", "customers", "active", "canceled", "canceled_rate", "mrr"],
        })
      ).rows,
    ).toEqual([[3, 2, 2, 1, 1 / 3, 27]]);
    const contacts = await ask("shop", {
      dataset: "contacts",
      metrics: ["contacts", "customers", "customer_rate"],
      dimensions: ["contacts:source"],
    });
    expect(contacts.rows).toEqual([["ORGANIC", 2, 1, 0.5]]);
    expect(contacts.meta.complete_until).toBeNull();
  });

  it("have numbers that defined metrics can aggregate", async () => {
    const define: Record<string, MetricRule> = {
      close: { kind: "aggregate", dataset: "deals", aggregation: "average", field: "deals:open_ms" },
      deal: { kind: "aggregate", dataset: "deals", aggregation: "median", field: "deals:amount" },
    };
    const { rows, columns } = await ask("shop", { metrics: ["metric:close", "metric:deal"], define });
    expect(rows).toEqual([[HOUR, 49.5]]);
    expect(columns.map(({ unit }) => unit)).toEqual(["ms", "currency:EUR"]);
  });

  it("list their fields with values", async () => {
    const state = await readProjectState(env.SHARD_0, "shop", "UTC");
    const { data } = await listFields(stores, asker("shop"), state, DATASETS.ads!);
    const named = new Map(data.map((field) => [field.name, field]));
    expect(named.get("ads:spend")).toMatchObject({ type: "number", unit: "currency:EUR" });
    expect(named.get("ads:ad")?.examples).toEqual(["Blue shoes", "Red shoes"]);
    expect(named.get("ads:keyword")?.examples).toEqual(["red shoes"]);
  });
});

describe("the budget", () => {
  it("allows comparing 90 days of five million rows in two years, but not two whole years of single ads", async () => {
    const DAYS = 365 * 2;
    const statements = Array.from({ length: 24 }, (_, month) => {
      const from = day("2026-03-20") - DAYS * 24 * HOUR + month * 30.5 * 24 * HOUR;
      const to = from + 30.5 * 24 * HOUR - 1;
      const range = [0, 5_000_000 / 24, from, to];
      return env.SHARD_0.batch([
        env.SHARD_0.prepare(
          `INSERT INTO segments (id, dataset, level, rows, bytes, min_time, max_time, projects, seq, created_at)
           VALUES (?1, 'ads_ads', 0, ?2, 1, ?3, ?4, ?5, 0, 0)`,
        ).bind(`large-${month}`, range[1], from, to, JSON.stringify({ large: range })),
        env.SHARD_0.prepare(
          "INSERT INTO marts (project, dataset, partition, segment, built_at) VALUES ('large', 'ads_ads', ?1, ?2, 0)",
        ).bind(`s/${month}`, `large-${month}`),
      ]);
    });
    await Promise.all(statements);
    const cost = async (query: Partial<Query>) => {
      const asked: Query = { dataset: "ads", metrics: ["spend", ...ALL], dimensions: ["ads:ad"], ...query };
      const state = await readProjectState(env.SHARD_0, "large", "UTC");
      const found = await explain(env.SHARD_0, asker("large"), asked, state);
      if (isRefusal(found)) throw new Error(found.detail);
      return found.cost;
    };
    const compared = await cost({ range: "90d", compare: "previous" });
    expect(compared.rows).toBeGreaterThan(1_000_000);
    expect(compared.bytes).toBeLessThan(compared.budget.bytes);
    const all = await found("large", {
      dataset: "ads",
      metrics: ALL,
      dimensions: ["ads:ad"],
      range: { from: "2024-03-25" },
    });
    expect("code" in all && all).toMatchObject({
      code: "budget_exceeded",
    });
  });
});

describe("a mart", () => {
  it("belongs to its project, and has no state before it is built", async () => {
    const { rows, meta } = await ask("other", { dataset: "ads", metrics: ["clicks"] });
    expect([rows, meta.complete_until]).toEqual([[[0]], null]);
    // A part in another project's manifest row is not part of this project.
    const mine = { project_id: "mine", date: day("2026-03-19"), clicks: 1 };
    await putMart("mine", "ads_campaigns", byMonth(campaignsOf([makeAd(mine)])), { now: NOW, until: NOW });
    await env.SHARD_0.prepare(
      `INSERT INTO marts (project, dataset, partition, segment, built_at)
       SELECT 'mine', dataset, 'x', segment, built_at FROM marts WHERE project = 'shop' AND dataset = 'ads_campaigns'
       AND segment IS NOT NULL LIMIT 1`,
    ).run();
    expect((await ask("mine", { dataset: "ads", metrics: ["clicks"] })).rows).toEqual([[1]]);
  });

  it("is read again after it is built again, despite cached results", async () => {
    const account = await makeAccount();
    const made = await account.call("POST", "/api/v1/projects", {
      token: account.token,
      body: { name: "Built", timezone: "UTC" },
    });
    const project: string = made.data.id;
    const date = Math.floor(Date.now() / 86_400_000) * 86_400_000;
    const build = (clicks: number, now: number) => {
      const row = makeAd({ project_id: project, date, clicks });
      return putMart(project, "ads_campaigns", byMonth(campaignsOf([row])), { now, until: now });
    };
    const query = async () => {
      const { data } = await account.call("POST", `/api/v1/query/${project}`, {
        token: account.token,
        body: { dataset: "ads", metrics: ["clicks", "spend"], range: "today" },
      });
      return [data.rows[0][0], data.meta.complete_until, data.columns[1].unit];
    };
    await build(1, 1000);
    expect(await query()).toEqual([1, 1000, "currency:EUR"]);
    await build(2, 2000);
    expect(await query()).toEqual([2, 2000, "currency:EUR"]);
    await account.call("PATCH", `/api/v1/projects/${project}`, {
      token: account.token,
      body: { settings: { currency: "SEK" } },
    });
    expect(await query()).toEqual([2, 2000, "currency:SEK"]);
  });
});
