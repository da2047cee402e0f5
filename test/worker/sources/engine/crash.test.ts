import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { Stores } from "../../../../worker/lib/stores";
import { DAY_MS } from "../../../../worker/lib/time";
import { liveSegments, readRows } from "../../../../worker/pipeline/lake";
import { advance } from "../../../../worker/sources/engine/advance";
import { newMemory } from "../../../../worker/sources/engine/memory";
import { resetState } from "../../../../worker/sources/engine/units";
import {
  beginGeneration,
  daysOf,
  readCursors,
  readPending,
  recordsOf,
} from "../../../../worker/sources/records";
import { type Failure, failingStores, isStorageFailure } from "../../../support/failing-storage";
import { LAKE } from "../../../support/lake";
import { type ToyVendor, toyAccount, toySession } from "../../../support/toy-source";

const NOW = Date.UTC(2026, 10, 20, 12);
const plain: Stores = { db: env.SHARD_0, lake: LAKE };
const item = (id: string, value: number | null) => ({ id, value });

function newVendor(): ToyVendor {
  return {
    now: NOW,
    names: new Map([
      ["a", "Ada"],
      ["b", "Bo"],
      ["c", "Cy"],
    ]),
    days: new Map(Array.from({ length: 6 }, (_, i) => [`2026-11-${15 + i}`, [i, 10 * i]])),
    changes: [item("x", 1), item("y", 1), item("x", 2), item("z", 1), item("y", null), item("w", 1)],
    failing: new Map(),
    reads: [],
  };
}

/** Two syncs with changes in between, then a re-sync, each step repeated until it succeeds. */
async function work(stores: Stores, source: string, vendor: ToyVendor): Promise<void> {
  const sync = async () => {
    const run = {
      project: source,
      source,
      startedAt: vendor.now,
      accounts: [toyAccount("a1")],
      backfillDays: 5,
    };
    let memory = newMemory();
    for (;;) {
      try {
        const deps = { ...stores, session: toySession(vendor) };
        const step = await advance(deps, run, memory, { ms: 1000, records: 2 });
        memory = step.memory;
        if (step.outcome.kind === "done") return;
      } catch (error) {
        await expectNothingAhead(source, vendor);
        if (!isStorageFailure(error)) throw error;
      }
    }
  };
  await sync();
  vendor.now += DAY_MS;
  vendor.names.delete("a");
  vendor.names.set("b", "Bob");
  vendor.days.set("2026-11-19", [7]).set("2026-11-20", []).set("2026-11-21", [1]);
  vendor.changes.push(item("v", 1), item("w", 5));
  await sync();
  vendor.now += 1000;
  vendor.changes = vendor.changes.filter(({ id }) => id !== "z");
  await again(() =>
    beginGeneration(stores.db, { project: source, source, stream: "items" }, vendor.now, resetState),
  );
  await again(() =>
    beginGeneration(stores.db, { project: source, source, stream: "clicks" }, vendor.now, resetState),
  );
  await sync();
}

async function again(step: () => Promise<void>): Promise<void> {
  await step().catch(step);
}

const all = async <T>(pages: AsyncGenerator<T[]>): Promise<T[]> => (await Array.fromAsync(pages)).flat();
const name = (source: string, stream: string) => ({ project: source, source, stream });

/**
 * Rows contain everything that states report for the current generation; a generation being built is not visible yet.
 */
async function expectNothingAhead(source: string, vendor: ToyVendor): Promise<void> {
  const live = (await readCursors(plain.db, source, source)).filter(({ building }) => building === null);
  for (const { stream, state } of live) {
    if (stream === "clicks") {
      const { covered }: { covered: { from: string; to: string }[] } = Object(state);
      const rows = await all(daysOf(plain.db, name(source, stream), "2026-11"));
      for (const [day, clicks] of vendor.days) {
        const isCovered = covered.some(({ from, to }) => from <= day && day <= to);
        const isNews = ["2026-11-19", "2026-11-20"].includes(day) && vendor.now > NOW;
        if (!isCovered || isNews) continue;
        const own = rows.filter((page) => page.day === day).flatMap(({ records }) => records);
        expect(own.map((row) => row.clicks)).toEqual(clicks);
      }
    }
    if (stream === "items") {
      const { cursor }: { cursor: number } = Object(state);
      const reported = new Map(vendor.changes.slice(0, cursor).map(({ id, value }) => [id, value]));
      const rows = await all(recordsOf(plain.db, name(source, stream)));
      const values = new Map(
        rows.filter((row) => row.removed_at === null).map((row) => [row.key, row.body.value]),
      );
      for (const [id, value] of reported)
        if (vendor.now <= NOW + DAY_MS) expect(values.get(id) ?? null).toBe(value);
    }
  }
}

/** All stored rows, in a form that does not depend on how often a step was tried. */
async function outcome(source: string) {
  const { db, lake } = plain;
  const rows = await Promise.all(
    ["names", "items"].map(async (stream) =>
      (await all(recordsOf(db, name(source, stream)))).map(({ key, body, removed_at }) => [
        key,
        body,
        removed_at !== null,
      ]),
    ),
  );
  const days = (await all(daysOf(db, name(source, "clicks"), "2026-11"))).map(({ day, part, records }) => [
    day,
    part,
    records,
  ]);
  const states = (await readCursors(db, source, source)).map(
    // A reset whose result is lost is repeated.
    ({ stream, generation, building, complete_until }) => [stream, generation > 1, building, complete_until],
  );
  const dirty = await readPending(db, 100, source);
  const versions = new Set<string>();
  let written = 0;
  for (const segment of await liveSegments(db, "records", { project: source })) {
    for (const row of await readRows(lake, segment, { dataset: "records", project: source })) {
      if (row.source_id !== source) continue;
      versions.add(`${row.stream} ${row.key} ${row.op} ${row.body}`);
      written++;
    }
  }
  const left = await db
    .prepare("SELECT count(*) AS n FROM source_records WHERE source = ?1")
    .bind(source)
    .first("n");
  return {
    rows,
    days,
    states,
    dirty: dirty.map(({ stream, month }) => [stream, month]),
    versions: [...versions].sort(),
    written,
    left,
  };
}

async function run(source: string, failure: Failure) {
  const { stores, counter } = failingStores(plain.db, plain.lake, failure);
  await work(stores, source, newVendor());
  return { calls: counter.calls, outcome: await outcome(source) };
}

describe("a storage call that fails", () => {
  it.each(["before", "after"] as const)(
    "%s it was made leaves state behind rows, and every row once",
    async (when) => {
      const { calls, outcome: expected } = await run(`base-${when}`, { at: 0, when });
      expect(expected.rows).toEqual([
        [
          ["a", { id: "a", name: "Ada" }, true],
          ["b", { id: "b", name: "Bob" }, false],
          ["c", { id: "c", name: "Cy" }, false],
        ],
        [
          ["v", { id: "v", value: 1 }, false],
          ["w", { id: "w", value: 5 }, false],
          ["x", { id: "x", value: 2 }, false],
        ],
      ]);
      expect(calls).toBeGreaterThan(50);
      for (let at = 1; at <= calls; at++) {
        const { outcome } = await run(`${when}-${at}`, { at, when });
        expect(outcome, `call ${at} of ${calls}`).toEqual(expected);
      }
    },
    240_000,
  );
});
