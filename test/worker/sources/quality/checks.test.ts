import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import type { Quality } from "../../../../schema/wire/source";
import type { DriverName } from "../../../../schema/wire/vendors";
import { listNotices } from "../../../../worker/outbound/notify";
import { SourceError } from "../../../../worker/sources/connections";
import { checkAfterSync, type QualityBindings, readQuality } from "../../../../worker/sources/quality";
import {
  addRates,
  addSource,
  commitContents,
  makeStageProject,
  makeVendorAccount,
  type Stage,
} from "../../../support/mart-stage";
import { bindings } from "./checked-source";

/** Checks without a vendor: values, volume, conversions, rates, freshness, over synced records. */
const NOW = Date.UTC(2026, 10, 20, 10);
const DAY_MS = 86_400_000;
const dayOf = (ago: number) => new Date(NOW - ago * DAY_MS).toISOString().slice(0, 10);

interface AdRow {
  impressions: number;
  clicks: number;
  spend_minor: number;
  conversions: number;
}
const usual: AdRow = { impressions: 10_000, clicks: 200, spend_minor: 20_000, conversions: 4 };

let stage: Stage;

async function commitDays(
  driver: DriverName,
  currency: string,
  rowOf: (ago: number) => Partial<AdRow>,
  until = NOW,
) {
  stage = await addSource(await makeStageProject(), driver, [makeVendorAccount("1", currency)]);
  const days = Object.fromEntries(
    Array.from({ length: 90 }, (_, ago) => {
      const { spend_minor, ...rest } = { ...usual, ...rowOf(ago) };
      const names = {
        day: dayOf(ago),
        account_id: "1",
        campaign_id: "c",
        ad_set_id: "s",
        ad_group_id: "g",
        ad_id: "a",
      };
      const money = { spend_minor, value_minor: 0, cost_micros: spend_minor * 10_000, conversions_value: 0 };
      return [dayOf(ago), [{ ...names, ...rest, ...money }]];
    }),
  );
  const stream = driver === "meta_ads" ? "ad_insights" : "ad_performance";
  await commitContents(stage, stream, "1", { days, completeUntil: until }, NOW);
}

async function found(now = NOW): Promise<Record<string, Quality["latest"][number]>> {
  const open = () => Promise.reject(new SourceError("unavailable", "nobody is there"));
  await checkAfterSync(bindings satisfies QualityBindings, stage.source, { open, now });
  const { latest } = await readQuality(env.CONTROL, stage.source);
  return Object.fromEntries(latest.map((result) => [result.name, result]));
}

beforeEach(() =>
  addRates([
    [dayOf(100), "USD", 1.1],
    [dayOf(0), "USD", 1.1],
  ]),
);

describe("checks of stored records", () => {
  test("pass on ordinary days; checks that need the vendor are unknown while it is unavailable", async () => {
    await commitDays("meta_ads", "EUR", () => ({}));
    const results = await found();
    for (const name of ["access", "gaps", "duplicates", "values", "volume", "conversions"])
      expect(results[name]?.outcome, name).toBe("passed");
    for (const name of ["totals", "rows"]) expect(results[name]?.outcome, name).toBe("unknown");
    expect(results.totals?.summary).toContain("nobody is there");
  });

  test.each<[string, Partial<AdRow>]>([
    ["less than nothing spent", { spend_minor: -1 }],
    ["more than 100,000 in a day", { spend_minor: 10_000_001 }],
    ["more clicks than impressions", { clicks: 10_001 }],
    ["impressions that are no count", { impressions: 0.5, clicks: 0 }],
  ])("find %s", async (_, wrong) => {
    await commitDays("google_ads", "EUR", (ago) => (ago === 3 ? wrong : {}));
    const { values } = await found();
    expect(values?.outcome).toBe("failed");
    expect(values?.score).toBeGreaterThan(0.9);
    expect(values?.detail.examples).toMatchObject([{ day: dayOf(3), ad_id: "a" }]);
  });

  test("allow several clicks per impression where the vendor counts them so", async () => {
    await commitDays("meta_ads", "EUR", (ago) => (ago === 3 ? { clicks: 10_001 } : {}));
    expect((await found()).values?.outcome).toBe("passed");
  });

  test("measure spend in the project's currency", async () => {
    await commitDays("google_ads", "USD", (ago) => (ago === 3 ? { spend_minor: 10_500_000 } : {}));
    expect((await found()).values?.outcome).toBe("passed");
  });

  test("find a day that differs from its weekday, and accept a change that lasts a week", async () => {
    await commitDays("meta_ads", "EUR", (ago) => (ago === 4 ? { impressions: 900, clicks: 20 } : {}));
    expect((await found()).volume).toMatchObject({
      outcome: "failed",
      summary: `impressions of ${dayOf(4)}: 900, expected about 10000.`,
    });
    await commitDays("meta_ads", "EUR", (ago) => (ago <= 12 ? { impressions: 900, clicks: 20 } : {}));
    expect((await found()).volume?.outcome).toBe("passed");
  });

  test("find spend without conversions once a week is final, and not while they may still arrive", async () => {
    await commitDays("meta_ads", "EUR", (ago) => (ago < 28 ? { conversions: 0 } : {}));
    expect((await found()).conversions?.outcome).toBe("passed");
    await commitDays("meta_ads", "EUR", (ago) => (ago < 40 ? { conversions: 0 } : {}));
    expect((await found()).conversions?.outcome).toBe("failed");
    await commitDays("meta_ads", "EUR", (ago) => ({ conversions: ago < 12 ? 0 : 40 }));
    expect((await found()).conversions?.outcome).toBe("failed");
    await commitDays("meta_ads", "EUR", () => ({ conversions: 0 }));
    expect((await found()).conversions?.outcome).toBe("failed");
  });

  test("find days without a rate, and sources that are not synced", async () => {
    await commitDays("meta_ads", "NOK", () => ({}), NOW - 3 * DAY_MS);
    const { rates, freshness } = await found();
    expect(rates).toMatchObject({
      outcome: "failed",
      score: 0,
      summary: `Missing rates: NOK on 90 days from ${dayOf(89)}.`,
    });
    expect(freshness).toMatchObject({ outcome: "failed" });
  });

  test("delete results of streams that are not read any more, with their notices", async () => {
    await commitDays("meta_ads", "NOK", () => ({}));
    expect((await found()).rates?.outcome).toBe("failed");
    const accounts = JSON.stringify([{ ...makeVendorAccount("1", "NOK"), selected: false }]);
    await env.CONTROL.prepare("UPDATE sources SET accounts = ?2 WHERE id = ?1")
      .bind(stage.source, accounts)
      .run();
    expect((await found(NOW + DAY_MS)).rates?.outcome).toBe("unknown");
    const notices = await listNotices(env.CONTROL, stage.project, NOW + DAY_MS);
    const notified = notices.find(({ title }) => title.includes("Currency rates"));
    expect(notified?.resolved_at).toBe(NOW + DAY_MS);
  });
});
