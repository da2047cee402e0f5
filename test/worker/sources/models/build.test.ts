import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { HOUR_MS } from "../../../../worker/lib/time";
import { collect } from "../../../../worker/pipeline/lake";
import { buildMarts } from "../../../../worker/sources/models";
import { readPending } from "../../../../worker/sources/records";
import { LAKE } from "../../../support/lake";
import {
  addRates,
  addSource,
  commitContents,
  makeStageProject,
  makeVendorAccount,
  martRows,
} from "../../../support/mart-stage";
import { ACCOUNT, ad, adDay, campaign, sayAccount } from "./ad-records";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const stores = { control: env.CONTROL, db: env.SHARD_0, lake: LAKE };
const build = (project: string, now = NOW) => buildMarts(stores, project, { now, budgetMs: 60_000 });

beforeAll(() =>
  addRates([
    ["2026-10-30", "USD", 1.25],
    ["2026-11-02", "USD", 1.2],
  ]),
);

async function stageAds() {
  const project = await makeStageProject();
  const stage = await addSource(project, "google_ads", [makeVendorAccount(ACCOUNT, "USD")]);
  await sayAccount(stage, NOW);
  return stage;
}

async function untilOf(project: string, dataset: string): Promise<number | null> {
  const row = await env.SHARD_0.prepare(
    "SELECT complete_until FROM marts WHERE project = ?1 AND dataset = ?2 AND partition = ''",
  )
    .bind(project, dataset)
    .first<{ complete_until: number }>();
  return row?.complete_until ?? null;
}

describe("the marts of advertising", () => {
  it("contain each ad's results with names, status, links and both currencies", async () => {
    const { project, source } = await stageAds();
    expect(await build(project)).toEqual({ done: true });
    const rows = await martRows(project, "ads_ads");
    expect(rows).toHaveLength(3);
    // 2026-10-31 is a Saturday: Friday's rate is used.
    expect(rows.find(({ ad_id, date }) => ad_id === "a2" && date === Date.parse("2026-10-31"))).toEqual({
      project_id: project,
      date: Date.parse("2026-10-31"),
      platform: "google_ads",
      source_id: source,
      account_id: ACCOUNT,
      account: "Shop",
      campaign_id: "c1",
      campaign: "Spring",
      ad_group_id: "g1",
      ad_group: "Group",
      ad_id: "a2",
      ad: "Ad a2",
      creative: "Cloth",
      status: "active",
      currency: "USD",
      utm_source: "google",
      utm_medium: "cpc",
      utm_campaign: "c1-a2",
      impressions: 1000,
      clicks: 10,
      spend_minor: 200,
      spend: 1.6,
      conversions: 1.5,
      value_minor: 3025,
      value: 24.2,
    });
    expect(await martRows(project, "ads_keywords")).toMatchObject([
      { keyword: "indigo", match_type: "exact", spend_minor: 350, utm_campaign: "c1-a1" },
    ]);
    const campaigns = await martRows(project, "ads_campaigns");
    expect(campaigns.reduce((sum, { spend_minor }) => sum + spend_minor, 0)).toBe(650);
    expect(await untilOf(project, "ads_ads")).toBe(NOW);
    expect(await readPending(env.SHARD_0, 10, project)).toEqual([]);
  });

  it("have the most restrictive status of an ad and its parents, and preserve removed ads", async () => {
    const stage = await stageAds();
    await commitContents(
      stage,
      "ads",
      ACCOUNT,
      { records: { "g1/a1": ad("a1", "PAUSED") }, removed: ["g1/a2"] },
      NOW + 1,
    );
    await build(stage.project, NOW + 1);
    const statuses = async () =>
      new Set((await martRows(stage.project, "ads_ads")).map(({ ad_id, status }) => `${ad_id} ${status}`));
    expect(await statuses()).toEqual(new Set(["a1 paused", "a2 removed"]));
    await commitContents(
      stage,
      "campaigns",
      ACCOUNT,
      { records: { c1: { ...campaign, status: "REMOVED" } } },
      NOW + 2,
    );
    await build(stage.project, NOW + 2);
    expect(await statuses()).toEqual(new Set(["a1 removed", "a2 removed"]));
  });

  it("build only what has changed", async () => {
    const stage = await stageAds();
    await build(stage.project);
    const parts = async () => {
      const { results } = await env.SHARD_0.prepare(
        "SELECT partition, segment FROM marts WHERE project = ?1 AND dataset = 'ads_ads' AND partition <> '' ORDER BY partition",
      )
        .bind(stage.project)
        .all<{ partition: string; segment: string }>();
      return new Map(results.map(({ partition, segment }) => [partition.slice(-7), segment]));
    };
    const before = await parts();
    await commitContents(
      stage,
      "ad_performance",
      ACCOUNT,
      { days: { "2026-11-01": [adDay("2026-11-01", "a1", 5)] } },
      NOW + 1,
    );
    await build(stage.project, NOW + 1);
    const after = await parts();
    expect([...after.keys()]).toEqual(["2026-10", "2026-11"]);
    expect(after.get("2026-10")).toBe(before.get("2026-10"));
    expect(after.get("2026-11")).not.toBe(before.get("2026-11"));
  });

  it("are built again for another currency or another rate", async () => {
    const { project } = await stageAds();
    await build(project);
    await env.CONTROL.prepare("UPDATE projects SET settings = ?2 WHERE id = ?1")
      .bind(project, JSON.stringify({ currency: "USD" }))
      .run();
    await build(project, NOW + 1);
    const spend = async () =>
      (await martRows(project, "ads_ads")).reduce((sum, row) => sum + (row.spend ?? 0), 0);
    expect(await spend()).toBeCloseTo(6.5, 9);
    await env.CONTROL.prepare("UPDATE projects SET settings = ?2 WHERE id = ?1")
      .bind(project, JSON.stringify({ currency: "JPY" }))
      .run();
    await build(project, NOW + 2);
    expect((await martRows(project, "ads_ads")).map((row) => row.spend)).toEqual([null, null, null]);
    await addRates([["2026-10-30", "JPY", 160]]);
    await build(project, NOW + 3);
    expect(await spend()).toBeCloseTo((6.5 / 1.25) * 160, 6);
  });

  it("are deleted with their source, and their files are removed from the lake", async () => {
    const stage = await stageAds();
    await build(stage.project);
    await env.CONTROL.prepare("UPDATE sources SET deleted_at = 1 WHERE id = ?1").bind(stage.source).run();
    await build(stage.project, NOW + 1);
    expect(await martRows(stage.project, "ads_ads")).toEqual([]);
    const dead = async () =>
      (
        await env.SHARD_0.prepare("SELECT count(*) AS n FROM segments WHERE dead_at IS NOT NULL").first<{
          n: number;
        }>()
      )?.n;
    expect(await dead()).toBeGreaterThan(0);
    await collect(env.SHARD_0, LAKE, NOW + 2 * HOUR_MS);
    expect(await dead()).toBe(0);
  });

  it("are complete as far as the least complete stream, and never go back", async () => {
    const stage = await stageAds();
    await build(stage.project);
    await commitContents(stage, "ad_performance", ACCOUNT, { completeUntil: NOW + HOUR_MS }, NOW + HOUR_MS);
    await build(stage.project, NOW + HOUR_MS);
    expect(await untilOf(stage.project, "ads_ads")).toBe(NOW);
    await addSource(stage.project, "meta_ads", [makeVendorAccount("m1", "EUR")]);
    await build(stage.project, NOW + HOUR_MS);
    expect(await untilOf(stage.project, "ads_ads")).toBe(NOW);
  });
});
