import { env } from "cloudflare:workers";
import fc from "fast-check";
import { Temporal } from "temporal-polyfill";
import { expect, test } from "vitest";
import type { Filter } from "../../../../schema/wire/filter";
import type { AdsRow } from "../../../../schema/wire/mart";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import { answer, type Refusal } from "../../../../worker/questions/query";
import { LAKE } from "../../../support/lake";
import { byMonth, campaignsOf, makeAd, putMart } from "./mart-data";

const NOW = Date.parse("2026-03-31T15:20:00Z");
const DAY = 86_400_000;
const stores = { db: env.SHARD_0, lake: LAKE };

function resultOf(given: QueryResult | Refusal): QueryResult {
  if ("code" in given) throw new Error(`${given.detail} at ${given.errors?.[0]?.path}`);
  return given;
}

async function ask(
  project: string,
  query: Query,
  timezone = "UTC",
  currency = "EUR",
): Promise<QueryResult | Refusal> {
  return (await answer(stores, { project, timezone, currency, now: NOW }, { query })).query;
}

/** Sums of eighths are exact in any order. */
const amount = fc.integer({ min: 0, max: 800 }).map((eighths) => eighths / 8);
const adArbitrary: fc.Arbitrary<AdsRow> = fc
  .record({
    day: fc.integer({ min: 0, max: 70 }),
    platform: fc.constantFrom("google_ads", "meta_ads"),
    campaign: fc.constantFrom("1", "2", "3"),
    group: fc.constantFrom("1", "2"),
    ad: fc.constantFrom("1", "2", null),
    creative: fc.constantFrom("Blue", null),
    status: fc.constantFrom("active", "active", "paused", "removed"),
    utm: fc.constantFrom("spring", "launch", null),
    impressions: fc.nat(1000),
    clicks: fc.nat(50),
    spend: fc.option(amount),
    conversions: amount,
    value: fc.option(amount),
  })
  .map(({ day, platform, campaign, group, ad, creative, status, utm, ...numbers }) =>
    makeAd({
      date: Date.parse("2026-03-31T00:00:00Z") - day * DAY,
      platform,
      source_id: platform,
      account_id: platform,
      account: platform === "google_ads" ? "Shop" : null,
      campaign_id: `${platform} ${campaign}`,
      campaign: `Campaign ${campaign}`,
      ad_group_id: group,
      ad_group: `Group ${group}`,
      ad_id: ad,
      ad: ad && `Ad ${ad}`,
      creative,
      status,
      utm_campaign: utm,
      ...numbers,
    }),
  );

const FIELDS = {
  "ads:platform": "platform",
  "ads:account": "account",
  "ads:campaign": "campaign",
  "ads:ad_group": "ad_group",
  "ads:ad": "ad",
  "ads:creative": "creative",
  "ads:status": "status",
  "visit:utm_campaign": "utm_campaign",
} as const satisfies Record<string, keyof AdsRow>;
const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[];

const conditionArbitrary: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({
    dimension: fc.constantFrom(...names),
    op: fc.constantFrom("eq" as const, "neq" as const, "contains" as const),
    value: fc.constantFrom("google_ads", "Campaign 1", "Group 2", "Ad 1", "Blue", "removed", "spring"),
  }),
  fc.record({
    dimension: fc.constantFrom(...names),
    op: fc.constant("is_set" as const),
    value: fc.boolean(),
  }),
);
const { filter: filterArbitrary } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 2 },
    conditionArbitrary,
    fc.record({ and: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ or: fc.array(tie("filter"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("filter") }),
  ),
}));

function passes(filter: Filter, row: AdsRow): boolean {
  if ("and" in filter) return filter.and.every((part) => passes(part, row));
  if ("or" in filter) return filter.or.some((part) => passes(part, row));
  if ("not" in filter) return !passes(filter.not, row);
  const value = row[FIELDS[filter.dimension as keyof typeof FIELDS]];
  if (filter.op === "is_set") return (value !== null) === filter.value;
  if (filter.op === "contains") return value !== null && String(value).includes(String(filter.value));
  return (value === filter.value) === (filter.op === "eq");
}

const named = (filter: Filter | undefined): string[] =>
  !filter
    ? []
    : "dimension" in filter
      ? [filter.dimension]
      : "not" in filter
        ? named(filter.not)
        : ("and" in filter ? filter.and : filter.or).flatMap(named);

const over = (above: number | null, below: number | null) =>
  above === null || !below ? null : above / below;
/** Every metric of rows, by its definition. */
function count(rows: readonly AdsRow[]): Record<string, number | null> {
  const sum = (of: (row: AdsRow) => number | null) => rows.reduce((all, row) => all + (of(row) ?? 0), 0);
  const impressions = sum((row) => row.impressions);
  const clicks = sum((row) => row.clicks);
  const amounts = (name: "spend" | "value") =>
    rows.length && rows.every((row) => row[name] === null) ? null : sum((row) => row[name]);
  const spend = amounts("spend");
  const conversions = sum((row) => row.conversions);
  const value = amounts("value");
  return {
    impressions,
    clicks,
    spend,
    conversions,
    value,
    ctr: over(clicks, impressions),
    cpc: over(spend, clicks),
    cpm: spend === null || !impressions ? null : (spend / impressions) * 1000,
    cpa: over(spend, conversions),
    roas: over(value, spend),
    roi: spend === null || value === null ? null : over(value - spend, spend),
  };
}
const METRICS = Object.keys(count([]));

/** Midnight of the calendar day in a zone, and the start of its bucket. */
function bucketOf(date: number, grain: "day" | "week" | "month" | null, zone: string, from: number): number {
  if (!grain) return from;
  const day = Temporal.PlainDate.from(new Date(date).toISOString().slice(0, 10));
  const first =
    grain === "day"
      ? day
      : grain === "week"
        ? day.subtract({ days: day.dayOfWeek - 1 })
        : day.with({ day: 1 });
  return Math.max(from, first.toZonedDateTime(zone).epochMilliseconds);
}
const midnight = (date: number, zone: string) => bucketOf(date, "day", zone, Number.NEGATIVE_INFINITY);

const ZONES = ["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Australia/Lord_Howe"];

test("any query over ads equals an independent computation, at every level", async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(adArbitrary, { minLength: 1, maxLength: 80 }),
      fc.array(
        fc.record({
          metrics: fc.uniqueArray(fc.constantFrom(...METRICS), { minLength: 1, maxLength: 6 }),
          dimensions: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 }),
          filters: fc.option(filterArbitrary, { nil: undefined }),
          grain: fc.constantFrom(null, "day" as const, "week" as const, "month" as const),
          zone: fc.constantFrom(...ZONES),
          // Times of day at which no calendar day starts are edges too.
          from: fc.integer({ min: 0, max: 60 * 24 }).map((hours) => NOW - 65 * DAY + hours * 3_600_000),
          days: fc.integer({ min: 1, max: 40 }),
        }),
        { minLength: 4, maxLength: 4 },
      ),
      async (rows, questions) => {
        const project = `ads-${++runs}`;
        const own = rows.map((row) => ({ ...row, project_id: project }));
        const state = { now: NOW, until: NOW - 5 };
        await putMart(project, "ads_ads", byMonth(own), state);
        await putMart(project, "ads_campaigns", byMonth(campaignsOf(own)), state);
        for (const { grain, zone, from, days, ...question } of questions) {
          const to = from + days * DAY;
          const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
          const result = resultOf(
            await ask(
              project,
              { dataset: "ads", ...question, granularity: grain ?? undefined, range, limit: 10_000 },
              zone,
            ),
          );
          const { metrics, dimensions, filters } = question;
          const isNamed = [...dimensions, ...named(filters)].includes("ads:status");
          const taken = own.filter(
            (row) =>
              midnight(row.date, zone) >= from &&
              midnight(row.date, zone) < to &&
              (!filters || passes(filters, row)) &&
              (isNamed || row.status !== "removed"),
          );
          const shown = taken.filter(
            (row) => !dimensions.includes("visit:utm_campaign") || row.utm_campaign !== null,
          );
          const groups = Map.groupBy(shown, (row) =>
            JSON.stringify([
              ...(grain ? [bucketOf(row.date, grain, zone, from)] : []),
              ...dimensions.map((name) => row[FIELDS[name]]),
            ]),
          );
          const line = (group: readonly AdsRow[]) => metrics.map((metric) => count(group)[metric]!);
          const expected = [...groups].map(([key, group]) => [...JSON.parse(key), ...line(group)]);
          if (!dimensions.length && !grain && !expected.length) expected.push(line([]));
          // Buckets without rows are zeros.
          const empty = JSON.stringify(line([]));
          const isEmpty = (row: QueryResult["rows"][number]) =>
            grain !== null && JSON.stringify(row.slice(-metrics.length)) === empty;
          const sorted = (lines: QueryResult["rows"]) =>
            lines
              .filter((row) => !isEmpty(row))
              .map((row) => JSON.stringify(row))
              .sort();
          expect(sorted(result.rows)).toEqual(sorted(expected));
          expect(result.totals).toEqual(
            Object.fromEntries(metrics.map((metric) => [metric, count(taken)[metric]])),
          );
          expect(result.meta).toMatchObject({ source: "lake", complete_until: NOW - 5, approximate: false });
        }
      },
    ),
    { numRuns: 25 },
  );
});
