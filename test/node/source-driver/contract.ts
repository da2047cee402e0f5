/**
 * The contract of drivers on random schedules, as many as `SOURCE_SCHEDULES` says: see test/contract for the same in workerd.
 * @module
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DriverName } from "../../../schema/wire/vendors.ts";
import { type SourceCase, sourceCases } from "../../contract/source-cases.ts";
import { expectTruth, play, schedules } from "../../contract/source-schedule.ts";
import { type Bench, World } from "../../contract/source-world.ts";
import { bucketInMemory, shardInMemory } from "../../support/node-storage.ts";
import { startLocal } from "../../support/vendors/local.ts";
import { describeMonth } from "./month.ts";

const RUNS = Number(process.env.SOURCE_SCHEDULES ?? 10);
const NOW = Date.UTC(2026, 8, 15, 12);

/** A new shard and vendors in this process. */
export const bench = (): Bench => ({
  db: shardInMemory(),
  lake: bucketInMemory(),
  startVendor: startLocal,
});

/** A driver's case. @throws when it has none. */
export function caseOf(name: DriverName): SourceCase {
  const own = sourceCases.find(({ driver }) => driver.name === name);
  if (!own) throw new Error(`${name} has no case`);
  return own;
}

/** Tests a driver. One file each, so that they run in parallel. */
export function describeDriver(name: DriverName): void {
  const own = caseOf(name);
  describe(name, () => {
    it("equals the vendor's data after a sync without faults", async () => {
      const world = await World.open(bench(), own, 7, NOW);
      expect(await world.sync()).toMatchObject({ status: "succeeded", error: null });
      await expectTruth(world);
      await world.vendor.close();
    });

    it(`equals the vendor's data after any faults, ${RUNS} times`, async () => {
      await fc.assert(
        fc.asyncProperty(schedules(own), (schedule) => play(bench(), own, schedule)),
        { numRuns: RUNS, endOnFailure: true },
      );
    }, 1_200_000);

    describeMonth(own, bench);
  });
}
