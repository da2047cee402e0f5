import { afterEach, describe, expect, test } from "vitest";
import type { DriverName } from "../../../../schema/wire/vendors";
import { CheckedSource } from "./checked-source";

/** Planted differences between the vendor and the tables are found, and nothing else. */
const NOW = Date.UTC(2026, 8, 15, 12);
const AD_DAYS: Partial<Record<DriverName, string>> = {
  google_ads: "ad_performance",
  meta_ads: "ad_insights",
  linkedin_ads: "ad_analytics",
};
const ADS = Object.entries(AD_DAYS) as [DriverName, string][];

let own: CheckedSource;
afterEach(() => own.world.vendor.close());

const failing = (found: Record<string, string>) =>
  Object.keys(found).filter((name) => found[name] === "failed");

describe.each(ADS)("of %s", (driver, stream) => {
  test("restated days appear with the next sync, and are no error before", async () => {
    own = await CheckedSource.open(driver, 3, NOW);
    expect((await own.next(0)).found).toMatchObject({ totals: "passed", rows: "passed" });
    await own.world.vendor.misbehave({ kind: "restate", days: 10, percent: 2 });
    await own.world.move(21 * 3_600_000);
    await own.check();
    expect(await own.outcomes()).toMatchObject({ totals: "unknown" });
    const { found, error } = await own.next(1);
    expect(error).toBeNull();
    expect(found).toMatchObject({ totals: "passed", gaps: "passed" });
    const day = own.ago(5);
    const sum = (rows: object[]) => rows.length;
    expect(sum(await own.world.records(stream, day))).toBe(sum(await own.world.truth(stream, day)));
    expect(await own.world.records(stream, day)).toEqual(
      expect.arrayContaining(await own.world.truth(stream, day)),
    );
    expect(await own.openNotices()).toEqual([]);
  });

  test("a change of 2 % by the vendor after a day is final is found", async () => {
    own = await CheckedSource.open(driver, 4, NOW);
    await own.next(0);
    await own.world.vendor.misbehave({ kind: "restate", days: 45, percent: 2 });
    const { found } = await own.next(24);
    expect(failing(found)).toEqual(["totals"]);
    const result = (await own.latest()).find(({ name }) => name === "totals");
    expect(result?.summary).toMatch(/^\d days? differ from the vendor's totals, by up to \d+\.\d %/);
    // Counts of a few conversions are whole numbers and differ by more.
    const examples = (result?.detail.examples ?? []) as { reported: number; stored: number }[];
    expect(examples.map(({ reported, stored }) => (reported / stored).toFixed(2))).toContain("1.02");
    expect(await own.openNotices()).toHaveLength(1);
  });

  test("a missing day and a duplicate row are found", async () => {
    own = await CheckedSource.open(driver, 5, NOW);
    await own.next(0);
    await own.plant(stream, own.ago(33), () => []);
    await own.plant(stream, own.ago(6), (rows) => [...rows, ...rows.slice(0, 1)]);
    await own.check();
    expect(failing(await own.outcomes())).toEqual(["gaps", "duplicates"]);
    const gap = (await own.latest()).find(({ name }) => name === "gaps");
    expect(gap?.detail.examples).toMatchObject([{ stream, day: own.ago(33) }]);
    // The next sync reads the recent day again; the old one is found only by comparing totals.
    const { found } = await own.next(24);
    expect(found).toMatchObject({ duplicates: "passed", gaps: "failed", totals: "failed" });
    expect((await own.openNotices()).map(({ title }) => title).sort()).toHaveLength(2);
  });

  test("truncated and repeated pages are not stored, so that nothing is found", async () => {
    own = await CheckedSource.open(driver, 6, NOW);
    await own.world.vendor.misbehave({ kind: "repeat_page", calls: 2 }, { kind: "truncate", calls: 2 });
    const spoiled = await own.next(0);
    const twin = await CheckedSource.open(driver, 6, NOW);
    expect(spoiled.counters.requests).toBeGreaterThan((await twin.next(0)).counters.requests);
    await twin.world.vendor.close();
    const { found } = await own.next(25);
    expect(failing(found)).toEqual([]);
    expect(found).toMatchObject({ totals: "passed", rows: "passed", gaps: "passed", duplicates: "passed" });
  });

  test("a vendor whose totals still differ from its rows after another read fails", async () => {
    own = await CheckedSource.open(driver, 8, NOW, 20);
    own.disguise = (session) => ({
      ...session,
      driver: {
        ...session.driver,
        totals: async (...asked) =>
          ((await session.driver.totals?.(...asked)) ?? []).map(({ day, totals }) => ({
            day,
            totals: Object.fromEntries(Object.entries(totals).map(([name, value]) => [name, value * 1.02])),
          })),
      },
    });
    expect((await own.next(0)).found).toMatchObject({ totals: "unknown" });
    expect((await own.next(2)).found).toMatchObject({ totals: "failed" });
    own.disguise = (session) => session;
    expect((await own.next(2)).found).toMatchObject({ totals: "passed" });
    expect(await own.openNotices()).toEqual([]);
  });
});
