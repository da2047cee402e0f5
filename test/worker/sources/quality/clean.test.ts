import { afterEach, describe, expect, test } from "vitest";
import type { DriverName } from "../../../../schema/wire/vendors";
import { CheckedSource } from "./checked-source";

/** A month of a vendor without faults, including late changes and ends of campaigns. */
const NOW = Date.UTC(2026, 8, 15, 12);
const GENERAL = ["access", "freshness", "rows"];
const OF_ADS = [...GENERAL, "totals", "gaps", "duplicates", "values", "volume", "conversions"];
const HOLDING: [DriverName, string[]][] = [
  ["google_ads", OF_ADS],
  ["meta_ads", OF_ADS],
  ["linkedin_ads", OF_ADS],
  ["hubspot", GENERAL],
  ["stripe", ["access", "freshness"]],
];

let own: CheckedSource;
afterEach(() => own.world.vendor.close());

describe.each(HOLDING)("a clean account of %s", (driver, names) => {
  test("has no failed checks for thirty days", async () => {
    own = await CheckedSource.open(driver, 11, NOW, 62);
    for (let day = 0; day < 30; day++) {
      const { found, error } = await own.next(day === 0 ? 0 : 24);
      expect(error).toBeNull();
      expect(Object.values(found), `${own.ago(0)} ${JSON.stringify(found)}`).not.toContain("failed");
      for (const name of names) expect(found[name], `${own.ago(0)} ${name}`).toBe("passed");
    }
    expect(await own.openNotices()).toEqual([]);
  }, 120_000);
});
