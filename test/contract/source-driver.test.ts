/**
 * The contract of every driver, in workerd and over HTTP. test/node/source-driver runs many more schedules of the
 * same kind in Node.
 */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { VENDORS } from "../../worker/sources/drivers/registry";
import { LAKE } from "../support/lake";
import { startVendor } from "../support/vendors/client";
import { sourceCases } from "./source-cases";
import { expectTruth, play, schedules } from "./source-schedule";
import { type Bench, World } from "./source-world";

const bench: Bench = { db: env.SHARD_0, lake: LAKE, startVendor };

describe.each(Object.values(VENDORS).map(({ driver }) => driver))("the specification of $name", (driver) => {
  it("names streams, keys and days that its records have", () => {
    const names = driver.streams.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, label, description, mode, primaryKey, schema, day, restateDays } of driver.streams) {
      expect(`${label}${description}`, name).not.toBe("");
      const fields = "shape" in schema ? Object.keys(schema.shape as object) : null;
      if (fields)
        expect(fields, name).toEqual(expect.arrayContaining([...primaryKey, ...(day ? [day] : [])]));
      expect(primaryKey.length, name).toBeGreaterThan(0);
      expect(day !== undefined, name).toBe(mode === "daily");
      expect(restateDays !== undefined, name).toBe(mode === "daily");
    }
  });

  it("has valid limits and a version that has not ended", () => {
    for (const { name, calls, perMs } of driver.limits)
      expect(Math.min(calls, perMs), name).toBeGreaterThan(0);
    expect(driver.sunset ?? "9999").toMatch(/^\d{4}/);
    expect(new URL(driver.baseUrl).pathname).toBe("/");
  });

  it("has distinct names of settings and keys", () => {
    const keys = driver.auth.kind === "none" ? [] : (driver.auth.keys ?? []);
    const names = [...driver.settingFields, ...keys].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(sourceCases)("$driver.name", (own) => {
  it("equals the vendor's data after a sync without faults", async () => {
    const world = await World.open(bench, own, 7, Date.UTC(2026, 8, 15, 12));
    expect(await world.sync()).toMatchObject({ status: "succeeded", error: null });
    await expectTruth(world);
    await world.vendor.close();
  });

  it("equals the vendor's data after any faults", async () => {
    await fc.assert(
      fc.asyncProperty(schedules(own), (schedule) => play(bench, own, schedule)),
      { numRuns: 5, endOnFailure: true },
    );
  }, 240_000);
});
