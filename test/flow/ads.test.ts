import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tableOf } from "../../demo/cli/models.ts";
import { localToken, parseRates, SAMPLE, sendRates } from "../../demo/cli/rates.ts";
import type { AdTruth } from "../../demo/vendors/ads.ts";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import { MANAGER_ID } from "../../demo/vendors/google-ads/gate.ts";
import { googleAds, googleAdsTokens } from "../../demo/vendors/google-ads/index.ts";
import { linkedinAds, linkedinAdsTokens } from "../../demo/vendors/linkedin-ads/index.ts";
import { metaAds, metaAdsToken } from "../../demo/vendors/meta-ads/index.ts";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { CLIENT } from "../../demo/vendors/server/oauth.ts";
import type { Model } from "../../schema/wire/model.ts";
import type { Query, QueryResult } from "../../schema/wire/query.ts";
import type { SyncRun } from "../../schema/wire/source.ts";
import { type Product, startProduct } from "../support/product.ts";
import { openTruth } from "../support/truth-in-duckdb.ts";

const SEED = 5;
const DAY_MS = 86_400_000;
const NOW = Date.now();
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
/** Whole days in every zone, within the first sync. */
const DAYS = { from: dayOf(NOW - 80 * DAY_MS), to: dayOf(NOW - 2 * DAY_MS) };
const METRICS = [
  "impressions",
  "clicks",
  "spend",
  "conversions",
  "value",
  "ctr",
  "cpc",
  "cpm",
  "cpa",
  "roas",
  "roi",
];
const SQL = `sum(impressions)::DOUBLE AS impressions, sum(clicks)::DOUBLE AS clicks, sum(spend) AS spend,
  sum(conversions)::DOUBLE AS conversions, sum(value) AS value, sum(clicks) / sum(impressions) AS ctr,
  sum(spend) / nullif(sum(clicks), 0) AS cpc, sum(spend) / nullif(sum(impressions), 0) * 1000 AS cpm,
  sum(spend) / nullif(sum(conversions), 0) AS cpa, sum(value) / nullif(sum(spend), 0) AS roas,
  (sum(value) - sum(spend)) / nullif(sum(spend), 0) AS roi`;

const tokens = ({ access, refresh }: { access: string; refresh: string }) => ({
  access_token: access,
  refresh_token: refresh,
});
const SOURCES = [
  { driver: "google_ads", settings: { login_customer_id: MANAGER_ID }, keys: tokens(googleAdsTokens(SEED)) },
  { driver: "meta_ads", settings: {}, keys: { access_token: metaAdsToken(SEED) } },
  { driver: "linkedin_ads", settings: {}, keys: tokens(linkedinAdsTokens(SEED)) },
];

/** From the vendors' truth, through syncs and marts, to the API: the same numbers as DuckDB computes from the truth. */
describe("ads of three platforms in three currencies", () => {
  let vendors: Record<string, RunningVendor<AdTruth>>;
  let product: Product;
  let project: string;
  let truth: Awaited<ReturnType<typeof openTruth>>;

  const ask = (query: Omit<Query, "dataset" | "range">) =>
    product.api<QueryResult>("POST", `/api/v1/query/${project}`, {
      dataset: "ads",
      range: { from: DAYS.from, to: dayOf(Date.parse(DAYS.to) + DAY_MS) },
      limit: 10_000,
      ...query,
    });

  async function ended(source: string): Promise<SyncRun> {
    for (;;) {
      const path = `/api/v1/projects/${project}/sources/${source}/runs`;
      const { data } = await product.api<{ data: SyncRun[] }>("GET", path);
      if (data[0]?.ended_at) return data[0];
      await pause(300);
    }
  }

  beforeAll(async () => {
    const options = { seed: SEED, account: makeAccount({ seed: SEED }), now: NOW, limits: false };
    vendors = {
      google_ads: await startVendor(googleAds(), options),
      meta_ads: await startVendor(metaAds(), options),
      linkedin_ads: await startVendor(linkedinAds(), options),
    };
    vendors.google_ads?.misbehave([{ kind: "remove", stream: "campaign", count: 1 }]);
    vendors.meta_ads?.misbehave([{ kind: "archive", stream: "ads", count: 2 }]);
    const configured = Object.entries(vendors).map(([driver, { url }]) => [
      driver,
      { base_url: url, client_id: CLIENT.client_id },
    ]);
    product = await startProduct({
      SOURCES: JSON.stringify(Object.fromEntries(configured)),
      SOURCE_CLIENTS: JSON.stringify(
        Object.fromEntries(Object.keys(vendors).map((driver) => [driver, CLIENT.client_secret])),
      ),
    });
    const rates = parseRates(readFileSync(SAMPLE, "utf8"));
    await sendRates(product.server.url, localToken(product.state), rates);
    project = (await product.makeProject("Shop")).id;
    const made = [];
    for (const source of SOURCES)
      made.push(await product.api<{ id: string }>("POST", `/api/v1/projects/${project}/sources`, source));
    for (const { id } of made) expect(await ended(id)).toMatchObject({ status: "succeeded", error: null });
    for (let tries = 0; (await ask({ metrics: ["spend"] })).meta.complete_until === null; tries++) {
      if (tries > 100) throw new Error("the marts are never complete");
      await pause(300);
    }
    const truths = Object.entries(vendors).map(([driver, vendor]) => [driver, vendor.truth()]);
    truth = await openTruth(Object.fromEntries(truths), DAYS);
  }, 500_000);
  afterAll(async () => {
    truth?.close();
    await product?.close();
    await Promise.all(Object.values(vendors ?? {}).map((vendor) => vendor.close()));
  });

  /** Rows by the text of their dimension, numbers to nine digits: sums of fractions differ in the last ones. */
  const comparable = (rows: [unknown, unknown[]][]) =>
    Object.fromEntries(
      rows
        .map(([key, values]): [string, (number | null)[]] => [
          String(key),
          values.map((value) => (value === null ? null : Number(Number(value).toPrecision(9)))),
        ])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );

  async function expectSame(
    query: Omit<Query, "dataset" | "range" | "metrics">,
    group: string,
    where = "NOT of_keyword AND status <> 'removed'",
    normalizeKey: (cell: unknown) => unknown = (cell) => cell,
  ) {
    const grouped = group === "" ? { key: "''", by: "" } : { key: group, by: "GROUP BY ALL" };
    const expectedRows = await truth.query(
      `SELECT ${grouped.key} AS key, ${SQL} FROM ads WHERE ${where} ${grouped.by}`,
    );
    const answer = await ask({ metrics: METRICS, ...query });
    const at = METRICS.map((metric) => answer.columns.findIndex(({ name }) => name === metric));
    const actual = answer.rows.map((row): [unknown, unknown[]] => [
      at[0] === 0 ? "" : normalizeKey(row[0]),
      at.map((i) => row[i]),
    ]);
    const expected = expectedRows.map((row): [unknown, unknown[]] => [
      row.key,
      METRICS.map((metric) => row[metric]),
    ]);
    expect(expected.length).toBeGreaterThan(0);
    expect(comparable(actual)).toEqual(comparable(expected));
  }

  const day = (cell: unknown) => dayOf(typeof cell === "number" ? cell : Date.parse(String(cell)));

  it("add up over currencies", () => expectSame({}, ""));
  // The first bucket begins where the range does.
  for (const grain of ["day", "week", "month"] as const) {
    it(`are equal by ${grain}`, () =>
      expectSame(
        { dimensions: [`time:${grain}`] },
        `strftime(greatest(date_trunc('${grain}', CAST(day AS DATE)), DATE '${DAYS.from}'), '%Y-%m-%d')`,
        undefined,
        day,
      ));
  }
  for (const [dimension, column] of [
    ["ads:platform", "platform"],
    ["ads:account", "account"],
    ["ads:currency", "currency"],
    ["ads:campaign", "campaign"],
    ["ads:campaign_id", "campaign_id"],
    ["ads:ad_id", "ad_id"],
  ] as const) {
    it(`are equal by ${dimension}`, () => expectSame({ dimensions: [dimension] }, column));
  }
  it("are equal by ad group where there are ad groups", () =>
    expectSame(
      { dimensions: ["ads:ad_group"] },
      "CASE platform WHEN 'linkedin_ads' THEN NULL ELSE ad_group END",
    ));
  it("are equal by status, removed ones too", () =>
    expectSame({ dimensions: ["ads:status"] }, "status", "NOT of_keyword"));
  it("are equal by keyword", () =>
    expectSame({ dimensions: ["ads:keyword"] }, "keyword", "of_keyword AND status <> 'removed'"));

  it("pass every test of their models", async () => {
    const { data } = await product.api<{ data: Model[] }>("POST", `/api/v1/projects/${project}/models/test`);
    const broken = data.flatMap(({ name, tests }) =>
      tests.filter(({ failures }) => failures > 0).map((test) => ({ model: name, ...test })),
    );
    expect(broken).toEqual([]);
    const ads = data.find(({ name }) => name === "ads_ads");
    expect(ads?.tests.every(({ rows, checked_at }) => rows > 1000 && checked_at !== null)).toBe(true);
    expect(tableOf(data)).toMatch(/✓ ads_ads +\d+ rows {2}\d+ of \d+ tests passed/);
  });

  it("are converted at rates that only the operator can store", async () => {
    const rates = [{ day: "2026-11-20", currency: "USD", per_euro: 5 }];
    await expect(sendRates(product.server.url, product.token, rates)).rejects.toThrow("401");
  });
});
