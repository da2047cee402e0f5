/** A large account under the vendor's documented limits, as the stand-in counts them. */
import { describe, expect, it } from "vitest";
import { canonical } from "../../worker/sources/engine/keyed.ts";
import { type SourceCase, sourceCases } from "../contract/source-cases.ts";
import { type Bench, dayOf, World } from "../contract/source-world.ts";
import { bucketInMemory, shardInMemory } from "../support/node-storage.ts";
import { startLocal } from "../support/vendors/local.ts";
import type { VendorStart } from "../support/vendors/wire.ts";

const NOW = Date.UTC(2026, 8, 15, 12);
const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** What a call takes. */
const TICK_MS = 150;
const SYNCS = 3;

/** A company with a thousand campaigns over its four ad accounts; or with thousands of people. */
const ADS = { campaigns: 250 };
const PEOPLE = { campaigns: 10, signups: 20 };
const LARGE: Record<string, VendorStart["account"]> = {
  google_ads: ADS,
  meta_ads: ADS,
  linkedin_ads: ADS,
  hubspot: PEOPLE,
  stripe: PEOPLE,
};

const bench = (): Bench => ({ db: shardInMemory(), lake: bucketInMemory(), startVendor: startLocal });

async function open(own: SourceCase): Promise<World> {
  const account = LARGE[own.driver.name];
  return World.open(bench(), { ...own, backfillDays: 90 }, 7, NOW, { account, limits: true, tweaks: {} });
}

describe.each(sourceCases)("$driver.name", (own) => {
  it("reads 90 days of a large account and goes on without one refused call", async () => {
    const world = await open(own);
    const statuses: string[] = [];
    for (let syncs = 0; syncs <= SYNCS; syncs++) {
      const { status, error } = await world.sync({ limited: true, tickMs: TICK_MS });
      statuses.push(error ? `${status}: ${error.stream} ${error.code} ${error.message}` : status);
      await world.move(15 * MINUTE_MS);
    }
    expect(statuses.filter((status) => status !== "succeeded")).toEqual([]);
    const log = await world.vendor.log();
    // A token that has ended is noticed by its refusal, once.
    const refused = log.filter(({ status }) => status >= 400);
    expect(refused.filter(({ status }) => status !== 401)).toEqual([]);
    expect(refused.length).toBeLessThanOrEqual(SYNCS);
    await world.sync({ limited: true });
    const from = dayOf(world.now - 89 * DAY_MS);
    for (const { name } of own.driver.streams) {
      const ours = (await world.records(name, from)).map(canonical).sort();
      expect(ours, name).toEqual((await world.truth(name, from)).map(canonical).sort());
    }
    const calls = log.reduce((sum, { parts }) => sum + parts, 0);
    console.info(`${own.driver.name}: ${log.length} requests for ${calls} calls in ${SYNCS + 1} syncs`);
    if (own.driver.name === "meta_ads") expect(log.length).toBeLessThanOrEqual(0.2 * calls);
    await world.vendor.close();
  }, 600_000);
});
