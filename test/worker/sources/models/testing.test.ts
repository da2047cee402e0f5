import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { addSegment, writeSegment } from "../../../../worker/pipeline/lake";
import { buildMarts, describeModels, testModels } from "../../../../worker/sources/models";
import { LAKE } from "../../../support/lake";
import {
  addRates,
  addSource,
  makeStageProject,
  makeVendorAccount,
  martRows,
} from "../../../support/mart-stage";
import { ACCOUNT, sayAccount } from "./ad-records";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const stores = { control: env.CONTROL, db: env.SHARD_0, lake: LAKE };

async function stageBuilt(): Promise<string> {
  await addRates([["2026-10-30", "USD", 1.25]]);
  const project = await makeStageProject();
  const stage = await addSource(project, "google_ads", [makeVendorAccount(ACCOUNT, "USD")]);
  await sayAccount(stage, NOW);
  await buildMarts(stores, project, { now: NOW, budgetMs: 60_000 });
  return project;
}

describe("the tests of models", () => {
  it("pass for built marts", async () => {
    const project = await stageBuilt();
    expect(await testModels(stores, project, NOW)).toEqual([]);
    const models = await describeModels(stores, project);
    const ads = models.find(({ name }) => name === "ads_ads");
    expect(ads).toMatchObject({
      layer: "mart",
      complete_until: NOW,
      from: expect.arrayContaining(["google_ads/ad_days"]),
    });
    expect(ads?.tests.find(({ name }) => name.startsWith("sums"))).toMatchObject({
      checked_at: NOW,
      rows: 3,
      failures: 0,
    });
  });

  it("list rows that fail them", async () => {
    const project = await stageBuilt();
    const [november] = await env.SHARD_0.prepare(
      "SELECT segment FROM marts WHERE project = ?1 AND dataset = 'ads_ads' AND partition LIKE '%2026-10'",
    )
      .bind(project)
      .all<{ segment: string }>()
      .then(({ results }) => results);
    const rows = (await martRows(project, "ads_ads")).filter(({ date }) => date === Date.parse("2026-10-31"));
    const [first, second] = rows;
    if (!first || !second || !november) throw new Error("nothing was built");
    const wrong = [first, { ...first, status: "gone", clicks: 5000 }];
    const at = { id: "01WRONG", level: 0, seq: 0, now: NOW };
    const segment = await writeSegment(LAKE, "ads_ads", wrong, { ...at, id: `01WRONG${project}` });
    await env.SHARD_0.batch([
      addSegment(env.SHARD_0, segment),
      env.SHARD_0.prepare("UPDATE marts SET segment = ?2 WHERE segment = ?1").bind(
        november.segment,
        segment.id,
      ),
    ]);
    const failing = new Map(
      (await testModels(stores, project, NOW)).map((held) => [`${held.model} ${held.test}`, held]),
    );
    expect([...failing.keys()].sort()).toEqual([
      "ads_ads accepted(status)",
      "ads_ads at_most(clicks, impressions)",
      "ads_ads sums(impressions, clicks, spend_minor, conversions, value_minor) = records",
      "ads_ads unique(date, source_id, account_id, campaign_id, ad_group_id, ad_id)",
      "ads_campaigns sums(impressions, clicks, spend_minor, conversions, value_minor) = ads_ads",
    ]);
    expect(failing.get("ads_ads accepted(status)")).toMatchObject({ failures: 1, rows: 3 });
    expect(failing.get("ads_ads accepted(status)")?.examples[0]).toMatch(
      /^2026-10-31 \/ .* \/ c1 \/ g1 \/ a/,
    );
  });
});

describe("the catalog", () => {
  it("describes every column of a mart and a common shape, and names only existing models", async () => {
    const models = await describeModels(stores, "nobody");
    const names = new Set(models.map(({ name }) => name));
    for (const { name, layer, columns, from } of models) {
      for (const made of from) expect(names, name).toContain(made);
      if (layer === "mart") expect(columns.length, name).toBeGreaterThan(5);
      if (layer !== "source")
        for (const column of columns) expect(column.meaning, `${name}.${column.name}`).not.toBe("");
      // The contents of a generic source's records are described by its mapping.
      if (layer === "source" && !name.endsWith(".records")) expect(columns.length, name).toBeGreaterThan(1);
    }
  });
});
