import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { VendorAccount } from "../../../../schema/wire/source";
import { DAY_MS, MINUTE_MS } from "../../../../worker/lib/time";
import {
  type Advance,
  type AdvanceDeps,
  advance,
  type Budget,
} from "../../../../worker/sources/engine/advance";
import { newMemory, type RunMemory } from "../../../../worker/sources/engine/memory";
import { dayRows, readCursors, rowCounts } from "../../../../worker/sources/records";
import { SourceError } from "../../../../worker/sources/vendor/driver";
import { grant, initialState, type Limiter, recordOutcome } from "../../../../worker/sources/vendor/limiter";
import { LAKE } from "../../../support/lake";
import { type ToyVendor, toyAccount, toySession } from "../../../support/toy-source";

const NOW = Date.UTC(2026, 10, 20, 12);
const AMPLE: Budget = { ms: 60 * MINUTE_MS, records: 1_000_000 };
let sources = 0;

function newVendor(): ToyVendor {
  return {
    now: NOW,
    names: new Map([["a", "Ada"]]),
    days: new Map(
      Array.from({ length: 30 }, (_, i) => [`2026-11-${String(1 + i).padStart(2, "0")}`, [i, 1]]),
    ),
    changes: [1, 2, 3, 4, 5].map((value) => ({ id: `i${value}`, value })),
    failing: new Map(),
    reads: [],
  };
}

/** A source of a toy vendor. */
function setup({ accounts = ["a1"], backfillDays = 6 } = {}) {
  const vendor = newVendor();
  const source = `adv${++sources}`;
  const given: VendorAccount[] = accounts.map(toyAccount);
  let startedAt = vendor.now;
  let memory: RunMemory = newMemory();
  const step = async (budget: Budget = AMPLE, more: Partial<AdvanceDeps> = {}): Promise<Advance> => {
    const deps = { db: env.SHARD_0, lake: LAKE, session: toySession(vendor), ...more };
    const run = { project: "p", source, startedAt, accounts: given, backfillDays };
    const done = await advance(deps, run, memory, budget);
    memory = done.memory;
    return done;
  };
  const begin = () => {
    startedAt = vendor.now;
    memory = newMemory();
    vendor.reads = [];
  };
  const claims = async () =>
    Object.fromEntries(
      (await readCursors(env.SHARD_0, "p", source)).map((own) => [
        `${own.stream} ${own.account}`,
        own.complete_until,
      ]),
    );
  const days = () => dayRows(env.SHARD_0, { project: "p", source, stream: "clicks" });
  return { vendor, source, given, step, begin, claims, days };
}

describe("a run", () => {
  it("reads names, then the newest days, then changes, then older days, and reports completeness", async () => {
    const { vendor, step, claims, days } = setup();
    expect((await step()).outcome).toEqual({ kind: "done", status: "succeeded", error: null });
    expect(vendor.reads).toEqual([
      "names a1",
      "clicks a1 2026-11-18 2026-11-20",
      "items a1",
      "clicks a1 2026-11-15 2026-11-17",
      "clicks a1 2026-11-14 2026-11-14",
    ]);
    expect(await claims()).toEqual({ "names a1": NOW, "clicks a1": NOW, "items a1": NOW });
    expect(await days()).toHaveLength(7);
  });

  it("reads again only days that can still change, and writes only changes", async () => {
    const { vendor, step, begin, claims } = setup();
    await step();
    vendor.now += DAY_MS;
    begin();
    vendor.days.set("2026-11-19", [99]);
    const { progress } = await step();
    expect(vendor.reads).toEqual([
      "names a1",
      "clicks a1 2026-11-19 2026-11-21",
      "items a1",
      "clicks a1 2026-11-18 2026-11-18",
    ]);
    // The new day has two records, the restated one.
    expect(progress.map(({ stream, records }) => [stream, records])).toEqual([
      ["names", 0],
      ["clicks", 3],
      ["items", 0],
    ]);
    expect(await claims()).toMatchObject({ "clicks a1": NOW + DAY_MS });
  });

  it("continues where a step ended, however little it may do", async () => {
    const { source, step } = setup();
    const kinds: string[] = [];
    for (let steps = 0; steps < 20; steps++) {
      const { outcome } = await step({ ms: AMPLE.ms, records: 1 });
      kinds.push(outcome.kind);
      if (outcome.kind === "done") break;
    }
    expect(kinds.at(-1)).toBe("done");
    expect(kinds.length).toBeGreaterThan(5);
    expect(await rowCounts(env.SHARD_0, "p", source)).toEqual(
      new Map([
        ["clicks", 14],
        ["items", 5],
        ["names", 1],
      ]),
    );
  });

  it("does not read accounts that are not selected, and preserves their records", async () => {
    const { vendor, given, step, begin, claims } = setup({ accounts: ["a1", "a2"] });
    await step();
    given[1] = { ...toyAccount("a2"), selected: false };
    vendor.now += 1000;
    begin();
    await step();
    expect(vendor.reads.some((read) => read.includes("a2"))).toBe(false);
    expect(await claims()).toMatchObject({ "names a1": NOW + 1000, "names a2": NOW });
  });

  it("stops without writing when another run has the source", async () => {
    const { step, claims } = setup();
    expect((await step(AMPLE, { renewLease: async () => false })).outcome).toEqual({ kind: "lost" });
    expect(await claims()).toEqual({});
  });

  it("has the same result when two read at once, as after a lost lease", async () => {
    const { vendor, source, step, claims } = setup();
    const outcomes: string[] = [];
    for (let rounds = 0; rounds < 20 && !outcomes.includes("done"); rounds++)
      for (const { outcome } of await Promise.all([step({ ms: 1, records: 1 }), step({ ms: 1, records: 1 })]))
        outcomes.push(outcome.kind);
    expect(await claims()).toEqual({ "names a1": NOW, "clicks a1": NOW, "items a1": NOW });
    expect((await rowCounts(env.SHARD_0, "p", source)).get("clicks")).toBe(14);
    expect(vendor.reads.length).toBeGreaterThan(5);
  });

  it("reports its progress", async () => {
    const reports: string[] = [];
    const { step } = setup();
    await step(AMPLE, {
      onProgress: async (progress) => void reports.push(progress.map(({ status }) => status).join(" ")),
    });
    expect(reports[0]).toBe("complete pending pending");
  });
});

describe("errors", () => {
  it("in the shape of one stream do not affect the others", async () => {
    const { vendor, step, claims } = setup();
    vendor.names.set("b", 7 as unknown as string);
    const { outcome, progress } = await step();
    expect(outcome).toMatchObject({
      kind: "done",
      status: "partial",
      error: { code: "schema", stream: "names" },
    });
    expect(progress.map(({ status }) => status)).toEqual(["incomplete", "complete", "complete"]);
    expect(await claims()).toEqual({ "clicks a1": NOW, "items a1": NOW });
  });

  it("about the size of a response halve slices down to a day, and they grow again", async () => {
    const { vendor, step, begin } = setup();
    vendor.failing.set("clicks", new SourceError("too_much", "too many rows"));
    expect((await step()).outcome).toMatchObject({ status: "partial", error: { code: "too_much" } });
    expect(vendor.reads.filter((read) => read.startsWith("clicks"))).toEqual([
      "clicks a1 2026-11-18 2026-11-20",
      "clicks a1 2026-11-19 2026-11-20",
      "clicks a1 2026-11-20 2026-11-20",
    ]);
    vendor.failing.clear();
    begin();
    await step();
    expect(vendor.reads.filter((read) => read.startsWith("clicks"))).toEqual([
      "clicks a1 2026-11-20 2026-11-20",
      "clicks a1 2026-11-18 2026-11-19",
      "clicks a1 2026-11-15 2026-11-17",
      "clicks a1 2026-11-14 2026-11-14",
    ]);
  });

  it("of access end the run", async () => {
    const { vendor, step } = setup();
    vendor.failing.set("names", new SourceError("auth", "ended"));
    expect((await step()).outcome).toMatchObject({ kind: "done", status: "failed", error: { code: "auth" } });
    expect(vendor.reads).toHaveLength(1);
  });

  it("of one account open only its breaker; a trial call closes it", async () => {
    const { vendor, step, claims } = setup({ accounts: ["a1", "a2"] });
    const states = new Map(["a1", "a2"].map((id) => [id, freshLimits()]));
    const limiter = (account: string): Limiter => {
      const state = states.get(account) ?? freshLimits();
      return {
        take: async (cost, now) => {
          const given = grant(state, [], cost, 1, now);
          return "times" in given ? { wait_until: null, breaker: false } : given;
        },
        report: async (outcome, now) => recordOutcome(state, { ...outcome, ok: !isBroken(account) }, now),
      };
    };
    const isBroken = (account: string) => account === "a1" && vendor.now < NOW + 8 * MINUTE_MS;
    const broken = new SourceError("unavailable", "down");
    let opened = false;
    for (let steps = 0; steps < 30; steps++) {
      if (isBroken("a1")) vendor.failing.set("a1", broken);
      else vendor.failing.clear();
      const { outcome, memory } = await step({ ms: 1, records: 1 }, { session: toySession(vendor, limiter) });
      opened ||= (states.get("a1")?.breaker.opens_until ?? null) !== null;
      if (outcome.kind === "wait") {
        // By now all of the other account has been read.
        expect(await claims()).toMatchObject({ "names a2": NOW, "clicks a2": NOW, "items a2": NOW });
        vendor.now = outcome.until;
      }
      memory.tries = {};
      if (outcome.kind === "done") break;
    }
    expect(opened).toBe(true);
    expect(states.get("a2")?.breaker.opens_until).toBeNull();
    expect(states.get("a1")?.breaker).toEqual({ failures: 0, opens_until: null, trial_until: null });
    expect((await claims())["names a1"]).toBeGreaterThan(NOW);
  });
});

const freshLimits = () => initialState();
