/**
 * Random schedules of faults, kills and passing time, and the expected state after them.
 * @module
 */
import fc from "fast-check";
import { expect } from "vitest";
import type { Misbehavior } from "../../demo/vendors/server/faults";
import { canonical } from "../../worker/sources/engine/keyed";
import { resetState } from "../../worker/sources/engine/units";
import { beginGeneration } from "../../worker/sources/records";
import type { Failure } from "../support/failing-storage";
import type { SourceCase } from "./source-cases";
import { type Bench, dayOf, World } from "./source-world";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGINNING = Date.UTC(2026, 8, 15, 12);

/** One sync and the events before it. */
interface Episode {
  hours: number;
  faults: Misbehavior[];
  kills: Failure[];
  forgets: boolean;
  tickMs: number;
  /** Records that a step may change. */
  records: number;
  /** Stream to re-sync in full. */
  reset: number | null;
  calms: boolean;
}
export interface Schedule {
  seed: number;
  episodes: Episode[];
  hoursAfter: number;
}

/** Any schedule for a driver. */
export function schedules({ driver, faults }: SourceCase): fc.Arbitrary<Schedule> {
  const kill = fc.record({ at: fc.integer({ min: 1, max: 30 }), when: fc.constantFrom("before", "after") });
  const episode: fc.Arbitrary<Episode> = fc.record({
    hours: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 24, max: 240 })),
    faults: fc.array(faults, { maxLength: 3 }),
    kills: fc.array(kill as fc.Arbitrary<Failure>, { maxLength: 3 }),
    forgets: fc.boolean(),
    tickMs: fc.constantFrom(0, 50, 2_000, 60_000),
    records: fc.constantFrom(1, 50, 5_000),
    reset: fc.option(fc.integer({ min: 0, max: driver.streams.length - 1 }), { freq: 5 }),
    calms: fc.boolean(),
  });
  return fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    episodes: fc.array(episode, { minLength: 1, maxLength: 4 }),
    hoursAfter: fc.integer({ min: 0, max: 72 }),
  });
}

/** Runs a schedule; after one more sync without faults, the tables must equal the vendor's truth. */
export async function play(bench: Bench, own: SourceCase, schedule: Schedule): Promise<void> {
  const world = await World.open(bench, own, schedule.seed, BEGINNING);
  try {
    for (const episode of schedule.episodes) await playEpisode(world, episode);
    await world.vendor.calm();
    await world.move((schedule.hoursAfter + 1) * HOUR_MS);
    await finish(world);
    await expectTruth(world);
  } finally {
    await world.vendor.close();
  }
}

async function playEpisode(world: World, episode: Episode): Promise<void> {
  const { hours, faults, kills, forgets, tickMs, records, reset, calms } = episode;
  await world.move(hours * HOUR_MS);
  await world.vendor.misbehave(...faults);
  const stream = reset === null ? undefined : world.own.driver.streams[reset]?.name;
  if (stream) await beginGeneration(world.bench.db, { ...world, stream }, world.now, resetState);
  const { error } = await world.sync({
    kills,
    forgets,
    tickMs,
    limited: true,
    budget: { ms: 20_000, records },
  });
  if (error?.code === "auth") await world.reconnect();
  if (calms) await world.vendor.calm();
}

/** A sync while the vendor's clock is fixed; with new access where the old one has ended. */
async function finish(world: World): Promise<void> {
  let synced = await world.sync();
  if (synced.error?.code === "auth") {
    await world.reconnect();
    await world.move(1);
    synced = await world.sync();
  }
  expect(synced.error).toBeNull();
}

/** The tables equal the vendor's truth, and every stream is reported complete up to now. */
export async function expectTruth(world: World): Promise<void> {
  const from = dayOf(world.now - (world.own.backfillDays - 1) * DAY_MS);
  for (const { name, lagMs = 0 } of world.own.driver.streams) {
    const actual = await world.records(name, from);
    const expected = await world.truth(name, from);
    expect(actual.map(canonical).sort(), name).toEqual(expected.map(canonical).sort());
    const own = (await world.cursors()).filter(({ stream }) => stream === name);
    expect(own.map(({ account }) => account).sort(), name).toEqual(world.accounts.map(({ id }) => id).sort());
    for (const { complete_until, building } of own) {
      expect(complete_until, name).toBe(world.now - lagMs);
      expect(building, name).toBeNull();
    }
  }
}
