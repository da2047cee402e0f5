/**
 * A company with a thousand campaigns over its ad platforms, and a CRM and a billing account of its size, synced for the first
 * time, 90 days back, and then every quarter of an hour, under the limits that each vendor documents. The stand-ins enforce those
 * limits by the simulated clock; their logs show whether a limit was exceeded.
 */
import { describe, expect, it } from "vitest";
import { sourceCases } from "../contract/source-cases.ts";
import { World } from "../contract/source-world.ts";
import type { RemoteVendor } from "../support/vendors/client.ts";
import { bench } from "./source-driver/contract.ts";

const BEGINNING = Date.UTC(2026, 9, 30, 12);
const MINUTE_MS = 60_000;
const DAYS = 90;
/** Per ad account of the company, of four; CI uses a thousand in all. */
const CAMPAIGNS = Number(process.env.SOURCE_CAMPAIGNS ?? 25);
const SYNCS = 4;
/** Duration of a response. */
const TICK_MS = 150;

/** Number of refusals, except for expired access tokens, which are renewed. */
async function refused(vendor: RemoteVendor): Promise<number[]> {
  const statuses = (await vendor.log()).map(({ status }) => status);
  return statuses.filter((status) => status >= 400 && status !== 401);
}

describe.each(sourceCases)("$driver.name", (own) => {
  it("is read 90 days back and on, never above its limits", async () => {
    const account = { campaigns: CAMPAIGNS, signups: CAMPAIGNS / 20 };
    const start = { account, limits: true, tweaks: {} };
    const world = await World.open(bench(), { ...own, backfillDays: DAYS }, 5, BEGINNING, start);
    const options = { limited: true, tickMs: TICK_MS, budget: { ms: 20_000, records: 20_000 } };
    const statuses: string[] = [];
    const first = await world.sync(options);
    statuses.push(first.status);
    const backfillMs = world.now - BEGINNING;
    const records: Record<string, number> = {};
    for (const { name } of own.driver.streams)
      records[name] = (await world.records(name, "2026-01-01")).length;
    for (let sync = 0; sync < SYNCS; sync++) {
      await world.move(15 * MINUTE_MS);
      statuses.push((await world.sync(options)).status);
    }
    const calls = (await world.vendor.log()).length;
    const minutes = Math.ceil(backfillMs / MINUTE_MS);
    const summary = { calls, first: first.counters.requests, minutes, records };
    console.log(`${own.driver.name}: ${JSON.stringify(summary)}`);
    expect(statuses).toEqual(statuses.map(() => "succeeded"));
    expect(await refused(world.vendor)).toEqual([]);
    await world.vendor.close();
  }, 600_000);
});
