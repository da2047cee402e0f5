import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { buildMarts } from "../../../../worker/sources/models";
import { readPending } from "../../../../worker/sources/records";
import { type Failure, failingStores, isStorageFailure } from "../../../support/failing-storage";
import { LAKE } from "../../../support/lake";
import {
  addRates,
  addSource,
  commitContents,
  makeStageProject,
  makeVendorAccount,
  martRows,
} from "../../../support/mart-stage";
import { ACCOUNT, ad, adDay, sayAccount } from "./ad-records";

const NOW = Date.parse("2026-11-20T10:00:00Z");
const DATASETS = ["ads_ads", "ads_campaigns", "ads_keywords"] as const;

async function again(step: () => Promise<{ done: boolean }>): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    try {
      if ((await step()).done) return;
    } catch (error) {
      if (!isStorageFailure(error)) throw error;
    }
  }
  throw new Error("a build does not end");
}

async function outcome(project: string) {
  const tables = await Promise.all(DATASETS.map((dataset) => martRows(project, dataset)));
  const plain = tables.map((rows) =>
    rows.map((row) => JSON.stringify({ ...row, project_id: "", source_id: "" })).sort(),
  );
  const until = await env.SHARD_0.prepare(
    "SELECT dataset, complete_until FROM marts WHERE project = ?1 AND partition = '' ORDER BY dataset",
  )
    .bind(project)
    .all();
  return { plain, until: until.results, marks: await readPending(env.SHARD_0, 100, project) };
}

/** Two reads with a build after each, one of whose storage calls fails. */
async function run(failure: Failure) {
  const project = await makeStageProject();
  const stage = await addSource(project, "google_ads", [makeVendorAccount(ACCOUNT, "USD")]);
  const { stores, counter } = failingStores(env.SHARD_0, LAKE, failure);
  const build = (now: number) =>
    again(() => buildMarts({ ...stores, control: env.CONTROL }, project, { now, budgetMs: 60_000 }));
  await sayAccount(stage, NOW);
  await build(NOW);
  await commitContents(
    stage,
    "ad_performance",
    ACCOUNT,
    { days: { "2026-11-01": [adDay("2026-11-01", "a1", 77)] } },
    NOW + 1,
  );
  await commitContents(stage, "ads", ACCOUNT, { records: { "g1/a1": ad("a1", "PAUSED") } }, NOW + 1);
  await build(NOW + 1);
  return { project, stage, calls: counter.calls, outcome: await outcome(project) };
}

describe("a storage call that fails", () => {
  for (const when of ["before", "after"] as const) {
    it(`${when} it was made changes no number, whichever call it is`, async () => {
      await addRates([["2026-10-30", "USD", 1.25]]);
      const base = await run({ at: 0, when });
      expect(base.outcome.plain[0]).toHaveLength(3);
      expect(base.outcome.marks).toEqual([]);
      for (let at = 1; at <= base.calls; at++) {
        const hit = await run({ at, when });
        expect(hit.outcome, `call ${at} of ${base.calls}`).toEqual(base.outcome);
      }
    }, 240_000);
  }
});

describe("a build from nothing", () => {
  it("equals a build step by step", async () => {
    const { project, stage, outcome: steps } = await run({ at: 0, when: "before" });
    await env.SHARD_0.batch([
      env.SHARD_0.prepare(
        "UPDATE segments SET dead_at = 1 WHERE id IN (SELECT segment FROM marts WHERE project = ?1)",
      ).bind(project),
      env.SHARD_0.prepare("UPDATE marts SET basis = '' WHERE project = ?1 AND partition <> ''").bind(project),
    ]);
    await buildMarts({ control: env.CONTROL, db: env.SHARD_0, lake: LAKE }, project, {
      now: NOW + 2,
      budgetMs: 60_000,
    });
    expect(await outcome(stage.project)).toEqual(steps);
  });
});

describe("two builds at once", () => {
  it("have the result of one of them", async () => {
    const { outcome: expected } = await run({ at: 0, when: "before" });
    const project = await makeStageProject();
    const stage = await addSource(project, "google_ads", [makeVendorAccount(ACCOUNT, "USD")]);
    const stores = { control: env.CONTROL, db: env.SHARD_0, lake: LAKE };
    const build = (now: number) => () => buildMarts(stores, project, { now, budgetMs: 60_000 });
    await sayAccount(stage, NOW);
    await Promise.all([build(NOW)(), build(NOW)()]);
    await commitContents(
      stage,
      "ad_performance",
      ACCOUNT,
      { days: { "2026-11-01": [adDay("2026-11-01", "a1", 77)] } },
      NOW + 1,
    );
    await commitContents(stage, "ads", ACCOUNT, { records: { "g1/a1": ad("a1", "PAUSED") } }, NOW + 1);
    await Promise.all([build(NOW + 1)(), build(NOW + 1)()]);
    await again(build(NOW + 2));
    expect(await outcome(project)).toEqual(expected);
  });
});
