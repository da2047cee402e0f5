/** The next reads, as data: worker/sources/engine/plan. */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { StreamMode } from "../../schema/wire/source.ts";
import {
  newMemory,
  type RunMemory,
  recordFailure,
  recordProgress,
} from "../../worker/sources/engine/memory.ts";
import { nextTask } from "../../worker/sources/engine/plan.ts";
import { progressOf } from "../../worker/sources/engine/progress.ts";
import type { Run, Unit } from "../../worker/sources/engine/units.ts";
import { SourceError, type StreamSpec } from "../../worker/sources/vendor/driver.ts";

const NOW = Date.UTC(2026, 9, 30, 12);
const run: Run = { project: "p", source: "s", startedAt: NOW, accounts: [], backfillDays: 30 };

function unit(stream: string, mode: StreamMode, state: unknown = null, account = "a"): Unit {
  const spec: StreamSpec = {
    name: stream,
    label: stream,
    description: "",
    mode,
    primaryKey: ["id"],
    schema: z.object({}),
    ...(mode === "daily" && { day: "date", restateDays: 7, sliceDays: 10 }),
  };
  const key = { project: "p", source: "s", stream, account };
  const cursor =
    state === null
      ? null
      : { ...key, version: 1, generation: 1, building: null, state, complete_until: null, updated_at: NOW };
  return {
    key,
    stream: spec,
    account: { id: account, name: account, currency: null, timezone: "UTC", selected: true },
    streamCursor: cursor,
  };
}

const read = (from: string, to: string, read_at = NOW) => ({
  covered: [{ from, to, read_at }],
  slice_days: 10,
});
const plan = (units: Unit[], memory: RunMemory = newMemory(), now = NOW) => {
  const next = nextTask(units, run, memory, now);
  if (!("task" in next)) return next;
  const { unit, slice } = next.task;
  return [unit.key.stream, unit.key.account, ...(slice ? [slice.from, slice.to] : [])].join(" ");
};

describe("the order of reading", () => {
  const fresh = [
    unit("ads", "daily"),
    unit("words", "daily"),
    unit("contacts", "incremental"),
    unit("names", "snapshot"),
  ];
  const done = { read_at: NOW };
  it("is names, newest days of all reports, changes, older days", () => {
    expect(plan(fresh)).toBe("names a");
    const names = unit("names", "snapshot", done);
    expect(plan([...fresh.slice(0, 3), names])).toBe("ads a 2026-10-21 2026-10-30");
    const ads = unit("ads", "daily", read("2026-10-21", "2026-10-30"));
    expect(plan([ads, ...fresh.slice(1, 3), names])).toBe("words a 2026-10-21 2026-10-30");
    const words = unit("words", "daily", read("2026-10-23", "2026-10-30"));
    expect(plan([ads, words, fresh[2]!, names])).toBe("contacts a");
    const contacts = unit("contacts", "incremental", { cursor: 1, began_at: null, read_at: NOW });
    expect(plan([ads, words, contacts, names])).toBe("words a 2026-10-13 2026-10-22");
  });

  it("ends when everything was read since the run started", () => {
    const units = [
      unit("ads", "daily", read("2026-09-30", "2026-10-30")),
      unit("names", "snapshot", done),
      unit("contacts", "incremental", { cursor: 1, began_at: null, read_at: NOW }),
    ];
    expect(plan(units)).toEqual({ done: true });
    expect(
      progressOf(units, run, newMemory(), NOW).map(({ status, done, total }) => [status, done, total]),
    ).toEqual([
      ["complete", 31, 31],
      ["complete", 1, 1],
      ["complete", 0, null],
    ]);
  });

  it("reads again what an earlier run read", () => {
    const before = NOW - 1;
    expect(plan([unit("names", "snapshot", { read_at: before })])).toBe("names a");
    expect(plan([unit("ads", "daily", read("2026-09-30", "2026-10-30", before))])).toBe(
      "ads a 2026-10-22 2026-10-30",
    );
    expect(plan([unit("contacts", "incremental", { cursor: 1, began_at: before, read_at: null })])).toBe(
      "contacts a",
    );
  });
});

describe("a failure", () => {
  const units = [unit("names", "snapshot"), unit("more", "snapshot"), unit("names", "snapshot", null, "b")];
  const failing = (error: SourceError, canHalve = false) => {
    const memory = newMemory();
    recordFailure(memory, units[0]!, error, { now: NOW, canHalve });
    return memory;
  };

  it("that requires a wait pauses its account, not others", () => {
    const memory = failing(new SourceError("rate_limited", "", { until: NOW + 5000 }));
    expect(plan(units, memory)).toBe("names b");
    expect(plan(units.slice(0, 2), memory)).toEqual({ waitUntil: NOW + 5000 });
    expect(plan(units.slice(0, 2), memory, NOW + 5000)).toBe("names a");
    expect(progressOf(units.slice(0, 2), run, memory, NOW)[0]).toMatchObject({
      status: "rate_limited",
      waiting_until: NOW + 5000,
    });
  });

  it("of one stream does not stop the others", () => {
    const memory = failing(new SourceError("schema", "names: id: missing"));
    expect(plan(units.slice(0, 2), memory)).toBe("more a");
    expect(progressOf(units.slice(0, 1), run, memory, NOW)).toMatchObject([
      { status: "incomplete", error: { code: "schema", stream: "names" } },
    ]);
  });

  it("that repeats is left for another run, unless something was read in between", () => {
    const memory = newMemory();
    const fail = () =>
      recordFailure(memory, units[0]!, new SourceError("unavailable", ""), { now: NOW, canHalve: true });
    for (let i = 0; i < 5; i++) fail();
    expect(memory.failed).toEqual({});
    expect(plan(units.slice(0, 2), { ...memory, waits: {} })).toBe("more a");
    recordProgress(memory, units[0]!, 1);
    for (let i = 0; i < 5; i++) fail();
    expect(memory.failed).toEqual({});
    fail();
    expect(Object.keys(memory.failed)).toEqual(["names/a"]);
  });

  it("of access stops the run", () => {
    expect(plan(units, failing(new SourceError("auth", "ended")))).toEqual({ done: true });
  });

  it("of too large a slice is tried smaller, of a day given up", () => {
    expect(failing(new SourceError("too_much", ""), true).failed).toEqual({});
    expect(failing(new SourceError("too_much", "")).failed).toHaveProperty(["names/a"]);
  });
});
