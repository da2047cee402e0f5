/** The contract of drivers, on thousands of random schedules: see test/contract for the same in workerd. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sourceCases } from "../contract/source-cases.ts";
import { expectTruth, play, runsFromEnv, schedules } from "../contract/source-schedule.ts";
import { type Bench, World } from "../contract/source-world.ts";
import { bucketInMemory, shardInMemory } from "../support/node-storage.ts";
import { startLocal } from "../support/vendors/local.ts";

const RUNS = runsFromEnv(process.env.SOURCE_SCHEDULES, 25);
const bench = (): Bench => ({ db: shardInMemory(), lake: bucketInMemory(), startVendor: startLocal });

describe.each(sourceCases)("$driver.name", (own) => {
  it("holds what the vendor has after a sync without trouble", async () => {
    const world = await World.open(bench(), own, 7, Date.UTC(2026, 8, 15, 12));
    expect(await world.sync()).toMatchObject({ status: "succeeded", error: null });
    await expectTruth(world);
    await world.vendor.close();
  });

  it(`holds what the vendor has after any trouble, ${RUNS} times`, async () => {
    await fc.assert(
      fc.asyncProperty(schedules(own), (schedule) => play(bench(), own, schedule)),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 1_200_000);
});
