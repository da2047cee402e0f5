/**
 * A month of simulated days at each vendor, with a fault on every other day. After each sync, streams that
 * are reported complete are compared with the vendor's data since that time.
 * @module
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { canonical } from "../../../worker/sources/engine/keyed.ts";
import type { StreamSpec } from "../../../worker/sources/vendor/driver.ts";
import type { SourceCase } from "../../contract/source-cases.ts";
import { type Bench, dayOf, World } from "../../contract/source-world.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGINNING = Date.UTC(2026, 8, 15, 12);
const DAYS = 30;
const SYNCS_A_DAY = 4;

/** Records by key. */
type Table = Map<string, string>;
const tableOf = ({ primaryKey, day }: StreamSpec, records: readonly object[]): Table =>
  new Map(
    records.map((record) => {
      const fields = new Map(Object.entries(record));
      const names = day ? [day, ...primaryKey] : primaryKey;
      return [names.map((name) => fields.get(name)).join(" "), canonical(record)];
    }),
  );

/** Compares a table with the vendor's data at several times since the stream was complete. */
function compare(actual: Table, truths: Table[]) {
  const keys = new Set([...actual.keys(), ...truths.flatMap((truth) => [...truth.keys()])]);
  let [right, missing] = [0, 0];
  for (const key of keys) {
    if (truths.some((truth) => truth.get(key) === actual.get(key))) right++;
    else if (!actual.has(key)) missing++;
  }
  return { records: keys.size, right, missing };
}

/** Results of a month. */
interface Month {
  /** Number of complete streams, over all syncs. */
  claims: number;
  syncs: number;
  succeeded: number;
  /** Number of compared records, over all complete streams. */
  records: number;
  right: number;
  missing: number;
}

/** Runs the month. */
export function describeMonth(own: SourceCase, bench: () => Bench): void {
  it("is correct for a month whenever it is reported complete", async () => {
    const world = await World.open(bench(), own, 11, BEGINNING);
    const faults = fc.sample(own.faults, { numRuns: DAYS, seed: 20 });
    const from = dayOf(BEGINNING - (own.backfillDays - 1) * DAY_MS);
    const truthsOf = async (spec: StreamSpec, times: number[]): Promise<Table[]> => {
      const tables: Table[] = [];
      for (const time of times) {
        await world.vendor.setNow(time);
        tables.push(tableOf(spec, await world.truth(spec.name, from)));
      }
      await world.vendor.setNow(world.now);
      return tables;
    };
    const total: Month = { claims: 0, syncs: 0, succeeded: 0, records: 0, right: 0, missing: 0 };
    for (let sync = 0; sync < DAYS * SYNCS_A_DAY; sync++) {
      await world.move(Math.max(0, BEGINNING + (sync * DAY_MS) / SYNCS_A_DAY - world.now));
      const [day, turn] = [Math.floor(sync / SYNCS_A_DAY), sync % SYNCS_A_DAY];
      const fault = day % 2 === 1 && turn === 1 ? faults[day] : undefined;
      if (fault) await world.vendor.misbehave(fault);
      if (turn === 3) await world.vendor.calm();
      const began = world.now;
      const { status, error } = await world.sync({ limited: true, tickMs: 20 });
      if (error?.code === "auth") await world.reconnect();
      total.syncs++;
      total.succeeded += Number(status === "succeeded");
      const known = await world.cursors();
      for (const spec of own.driver.streams) {
        const { lagMs = 0 } = spec;
        const claims = known
          .filter(({ stream }) => stream === spec.name)
          .map((each) => each.complete_until ?? 0);
        if (claims.length < world.accounts.length || Math.min(...claims) < began - lagMs) continue;
        const truths = await truthsOf(spec, [began - lagMs, began, world.now]);
        const found = compare(tableOf(spec, await world.records(spec.name, from)), truths);
        total.claims++;
        total.records += found.records;
        total.right += found.right;
        total.missing += found.missing;
      }
    }
    await world.vendor.close();
    console.log(`${own.driver.name}: ${JSON.stringify(total)}`);
    expect(total.claims).toBeGreaterThan(DAYS * SYNCS_A_DAY * own.driver.streams.length * 0.8);
    expect(total.right / total.records).toBeGreaterThanOrEqual(0.999);
    expect(total.missing / total.records).toBeLessThan(0.001);
  }, 600_000);
}
