import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import type { EventRow } from "../../../../schema/wire/row";
import type { Stores } from "../../../../worker/lib/stores";
import { bucketStart, DAY_MS, HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import {
  changeTimeZone,
  deleteProjectData,
  deriveMarked,
  finishZoneChanges,
  foldAll,
  merge,
  rebuild,
  seal,
} from "../../../../worker/pipeline/fold";
import { foldStates } from "../../../../worker/pipeline/fold/store";
import { purgeRetired } from "../../../../worker/pipeline/fold/zone-change";
import { commit } from "../../../../worker/pipeline/queue";
import { answer, isRefusal, readProjectState } from "../../../../worker/questions/query";
import { failingStores, unstableStores } from "../../../support/failing-storage";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, messageOf } from "../../../support/pipeline";

declare module "vitest" {
  interface ProvidedContext {
    /** Random schedules of imports and changes of the time zone. */
    foldRuns: number;
  }
}

const plain: Stores = { db: env.SHARD_0, lake: LAKE };
const NOW = Date.parse("2026-11-20T15:20:00Z");
const FIRST = NOW - 200 * DAY_MS;
/** Half-hour and quarter-hour zones, zones with daylight saving, and zones a day apart. */
const ZONES = [
  "UTC",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Europe/Berlin",
  "America/New_York",
  "Pacific/Auckland",
  "Pacific/Pago_Pago",
];
let projects = 0;
let messages = 0;
/** Every project is folded up to this commit. */
let foldedUntil = 0;

const view = (project: string, timestamp: number, visitor: string): EventRow =>
  makeRow({
    project_id: project,
    event_id: `e${++messages}`,
    timestamp,
    visitor_id: visitor,
    source: "News",
  });

async function importRows(rows: readonly EventRow[], now: number): Promise<void> {
  for (let at = 0; at < rows.length; at += 100)
    await commit(plain, [messageOf(`m${++messages}`, rows.slice(at, at + 100), now)], now);
}

const stateOf = async (project: string) => (await foldStates(env.SHARD_0, [project])).get(project)!;

async function fold(stores: Stores, now: number): Promise<void> {
  foldedUntil = (await foldAll(stores, foldedUntil, now)).until;
}

/** Rounds of the folder's work until nothing is left to do. */
async function settle(now: number): Promise<void> {
  await fold(plain, now);
  await deriveMarked(plain, now);
  await finishZoneChanges(plain, now);
  await deriveMarked(plain, now);
}

type Days = Map<number, { events: number; sessions: number }>;

/** What a project's questions answer for every day, in the zone that answers. */
async function answered(
  project: string,
  now: number,
  planned?: Awaited<ReturnType<typeof readProjectState>>,
): Promise<{ zone: string; days: Days }> {
  const state = planned ?? (await readProjectState(env.SHARD_0, project, "UTC"));
  const zone = state.timezone;
  const range = {
    from: bucketStart(FIRST - 2 * DAY_MS, "day", zone),
    to: bucketStart(now + 2 * DAY_MS, "day", zone),
  };
  const context = { project, timezone: zone, currency: "EUR", now };
  const days: Days = new Map();
  for (const dataset of ["events", "sessions"] as const) {
    const query = {
      dataset,
      metrics: [dataset],
      range: { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() },
      granularity: "day" as const,
      limit: 1000,
    };
    const { found } = await answer(plain, context, { found: query }, { state });
    if (isRefusal(found)) throw new Error(found.detail);
    expect(found.meta.source).toBe("rollup");
    for (const [time, value] of found.rows) {
      if (!value) continue;
      const day = typeof time === "number" ? time : Date.parse(String(time));
      const counts = days.get(day) ?? { events: 0, sessions: 0 };
      days.set(day, { ...counts, [dataset]: value });
    }
  }
  return { zone, days };
}

/** The same, counted directly. Visitors' sessions are far shorter than a day. */
function counted(rows: readonly EventRow[], zone: string): Days {
  const days: Days = new Map();
  const add = (time: number, field: "events" | "sessions") => {
    const day = bucketStart(time, "day", zone);
    const counts = days.get(day) ?? { events: 0, sessions: 0 };
    days.set(day, { ...counts, [field]: counts[field] + 1 });
  };
  const lastOf = new Map<string, number>();
  for (const { timestamp, visitor_id } of rows.toSorted((a, b) => a.timestamp - b.timestamp)) {
    add(timestamp, "events");
    const last = lastOf.get(visitor_id);
    if (last === undefined || timestamp - last > 30 * MINUTE_MS) add(timestamp, "sessions");
    lastOf.set(visitor_id, timestamp);
  }
  return days;
}

const sorted = (days: Days) => [...days].sort(([a], [b]) => a - b);
const sum = (days: Days, field: "events" | "sessions") =>
  [...days.values()].reduce((total, counts) => total + counts[field], 0);

async function dirtyOf(project: string): Promise<Set<number>> {
  const { generation } = await stateOf(project);
  const key = generation ? `${project}@${generation}` : project;
  const { results } = await env.SHARD_0.prepare("SELECT day FROM dirty_days WHERE project = ?1")
    .bind(key)
    .all<{ day: number }>();
  return new Set(results.map(({ day }) => day));
}

/** Sessions and events as scans of the lake count them. */
async function scanned(project: string, now: number) {
  const state = await readProjectState(env.SHARD_0, project, "UTC");
  const context = { project, timezone: state.timezone, currency: "EUR", now };
  const range = { from: new Date(FIRST - DAY_MS).toISOString(), to: new Date(now).toISOString() };
  const query = {
    dataset: "sessions",
    metrics: ["sessions"],
    dimensions: ["visit:source", "visit:browser"],
    range,
  };
  const { found } = await answer(plain, context, { found: query }, { state });
  if (isRefusal(found)) throw new Error(found.detail);
  expect(found.meta.source).toBe("lake");
  return found.rows.reduce((total, row) => total + Number(row.at(-1)), 0);
}

/** A view a day of each of two visitors, and a session that continues past UTC midnight. */
function halfYear(project: string): EventRow[] {
  return Array.from({ length: 180 }, (_, i) => NOW - (i + 1) * DAY_MS).flatMap((time) => [
    view(project, time, `a${time}`),
    view(project, time + 5 * HOUR_MS, `b${time}`),
    view(project, bucketStart(time, "day", "UTC") - 10 * MINUTE_MS, `c${time}`),
    view(project, bucketStart(time, "day", "UTC") + 10 * MINUTE_MS, `c${time}`),
  ]);
}

describe("a change of the time zone", () => {
  it("hides no day of an import that is not sealed yet", async () => {
    await addProject("imported");
    const rows = halfYear("imported");
    await importRows(rows, NOW);
    await settle(NOW);
    const before = await answered("imported", NOW);
    expect(sorted(before.days)).toEqual(sorted(counted(rows, "UTC")));
    await changeTimeZone(env.SHARD_0, "imported", "Asia/Kolkata", NOW);
    expect(await answered("imported", NOW)).toEqual(before);
    // Some of the days are derived, none of which is answered yet.
    await deriveMarked(plain, NOW, { key: "imported@1", limit: 60 });
    await finishZoneChanges(plain, NOW);
    expect(await answered("imported", NOW)).toEqual(before);
    const planned = await readProjectState(env.SHARD_0, "imported", "UTC");
    await settle(NOW);
    // A question that was planned before the completion reads the rows before.
    expect(await answered("imported", NOW, planned)).toEqual(before);
    const after = await answered("imported", NOW);
    expect(after.zone).toBe("Asia/Kolkata");
    expect(sorted(after.days)).toEqual(sorted(counted(rows, "Asia/Kolkata")));
    await seal(plain, NOW + 2 * DAY_MS);
    expect(sorted((await answered("imported", NOW)).days)).toEqual(sorted(counted(rows, "Asia/Kolkata")));
  });

  it("loses and repeats nothing where rollups move to the lake, 90 days ago", async () => {
    await addProject("seam", "America/New_York");
    const rows = Array.from({ length: 24 * 8 }, (_, i) =>
      view("seam", NOW - 94 * DAY_MS + i * HOUR_MS, `v${i}`),
    );
    await importRows(rows, NOW);
    await settle(NOW);
    await seal(plain, NOW);
    for (const zone of ["Asia/Kolkata", "Pacific/Auckland", "America/New_York"]) {
      await changeTimeZone(env.SHARD_0, "seam", zone, NOW);
      await settle(NOW);
      await seal(plain, NOW);
      const { zone: current, days } = await answered("seam", NOW);
      expect(current).toBe(zone);
      expect(sorted(days)).toEqual(sorted(counted(rows, zone)));
    }
  });

  it("revives no session that was replaced, also of days older than 90 days", async () => {
    await addProject("replaced");
    const old = Array.from({ length: 100 }, (_, i) =>
      view("replaced", NOW - 120 * DAY_MS + i * HOUR_MS, `v${i}`),
    );
    await importRows(old, NOW);
    await settle(NOW);
    await rebuild(env.SHARD_0, "replaced", { from: 0, to: NOW }, NOW);
    await settle(NOW);
    expect(await scanned("replaced", NOW)).toBe(100);
    for (const zone of ["Asia/Kolkata", "Europe/Berlin"]) {
      await changeTimeZone(env.SHARD_0, "replaced", zone, NOW);
      expect(await scanned("replaced", NOW)).toBe(100);
      await deriveMarked(plain, NOW, { limit: 50 });
      expect(await scanned("replaced", NOW)).toBe(100);
      await settle(NOW);
      expect(await scanned("replaced", NOW)).toBe(100);
      for (let i = 0; i < 3; i++) await merge(plain, foldedUntil, NOW);
      expect(await scanned("replaced", NOW)).toBe(100);
    }
    await purgeRetired(env.SHARD_0, NOW + DAY_MS);
    expect(await scanned("replaced", NOW)).toBe(100);
  });

  it("is effective at once in a project without events", async () => {
    await addProject("empty");
    await changeTimeZone(env.SHARD_0, "empty", "Asia/Kolkata", NOW);
    expect(await stateOf("empty")).toMatchObject({ timezone: "Asia/Kolkata", next_timezone: null });
  });

  it("restarts with the newest zone, ends with the one in effect, and its rows are deleted", async () => {
    await addProject("again");
    const rows = halfYear("again");
    await importRows(rows, NOW);
    await settle(NOW);
    await changeTimeZone(env.SHARD_0, "again", "Asia/Kolkata", NOW);
    await deriveMarked(plain, NOW, { key: "again@1", limit: 60 });
    await changeTimeZone(env.SHARD_0, "again", "Pacific/Auckland", NOW);
    await changeTimeZone(env.SHARD_0, "again", "Pacific/Auckland", NOW);
    await deriveMarked(plain, NOW, { key: "again@2", limit: 60 });
    await changeTimeZone(env.SHARD_0, "again", "UTC", NOW);
    await settle(NOW);
    expect(await stateOf("again")).toMatchObject({ timezone: "UTC", generation: 0, next_timezone: null });
    await changeTimeZone(env.SHARD_0, "again", "Europe/Berlin", NOW);
    await settle(NOW);
    const { days } = await answered("again", NOW);
    expect(sorted(days)).toEqual(sorted(counted(rows, "Europe/Berlin")));
    await purgeRetired(env.SHARD_0, NOW + HOUR_MS);
    for (const table of ["rollups", "open_sessions", "dirty_days", "derived_days", "derived_rollups"]) {
      const { results } = await env.SHARD_0.prepare(
        `SELECT DISTINCT project FROM ${table} WHERE project LIKE 'again%' AND project <> 'again@3'`,
      ).all();
      expect(results, table).toEqual([]);
    }
    expect((await env.SHARD_0.prepare("SELECT * FROM retired_generations").all()).results).toEqual([]);
  });

  it("ends with the deletion of the project", async () => {
    await addProject("deleted");
    await importRows(halfYear("deleted"), NOW);
    await settle(NOW);
    await changeTimeZone(env.SHARD_0, "deleted", "Asia/Kolkata", NOW);
    await deriveMarked(plain, NOW, { key: "deleted@1", limit: 60 });
    await deleteProjectData(env.SHARD_0, "deleted", NOW);
    await settle(NOW);
    for (const table of ["fold_state", "rollups", "open_sessions", "dirty_days", "derived_days", "people"]) {
      const { results } = await env.SHARD_0.prepare(
        `SELECT project FROM ${table} WHERE project LIKE 'deleted%'`,
      ).all();
      expect(results, table).toEqual([]);
    }
  });

  it("answers in the old zone while a day cannot be derived, and derives the others", async () => {
    await addProject("parked");
    const rows = halfYear("parked");
    await importRows(rows, NOW);
    await settle(NOW);
    await changeTimeZone(env.SHARD_0, "parked", "Asia/Kolkata", NOW);
    const [first] = (
      await env.SHARD_0.prepare("SELECT min(day) AS day FROM dirty_days WHERE project = 'parked@1'").all<{
        day: number;
      }>()
    ).results;
    await env.SHARD_0.prepare(
      "UPDATE dirty_days SET failures = 1, retry_at = ?1 WHERE project = ?2 AND day = ?3",
    )
      .bind(NOW + HOUR_MS, "parked@1", first!.day)
      .run();
    await deriveMarked(plain, NOW, { dueOnly: true });
    await finishZoneChanges(plain, NOW);
    const { results } = await env.SHARD_0.prepare(
      "SELECT day FROM dirty_days WHERE project LIKE 'parked%'",
    ).all<{ day: number }>();
    expect(results.map(({ day }) => day)).toEqual([first!.day]);
    const { zone: before, days: shown } = await answered("parked", NOW);
    expect(before).toBe("UTC");
    expect(sorted(shown)).toEqual(sorted(counted(rows, "UTC")));
    await deriveMarked(plain, NOW + HOUR_MS, { dueOnly: true });
    await deriveMarked(plain, NOW + HOUR_MS, { dueOnly: true });
    await finishZoneChanges(plain, NOW + HOUR_MS);
    const { zone, days } = await answered("parked", NOW + HOUR_MS);
    expect(zone).toBe("Asia/Kolkata");
    expect(sorted(days)).toEqual(sorted(counted(rows, zone)));
  });

  it("counts a session once that continues from a day that could not be derived", async () => {
    await addProject("continues");
    const midnight = bucketStart(NOW, "day", "Asia/Kolkata");
    const now = midnight + 10 * MINUTE_MS;
    const rows = [midnight - 5 * MINUTE_MS, midnight + 8 * MINUTE_MS].map((time) =>
      view("continues", time, "v"),
    );
    await importRows(rows.slice(0, 1), now);
    await settle(now);
    await changeTimeZone(env.SHARD_0, "continues", "Asia/Kolkata", now);
    const park = (until: number) =>
      env.SHARD_0.prepare("UPDATE dirty_days SET failures = 1, retry_at = ?1 WHERE project = ?2 AND day < ?3")
        .bind(until, "continues@1", midnight)
        .run();
    await park(now + MINUTE_MS);
    await deriveMarked(plain, now, { dueOnly: true });
    await importRows(rows.slice(1), now);
    await fold(plain, now);
    for (const at of [now + MINUTE_MS, now + HOUR_MS]) await deriveMarked(plain, at, { dueOnly: true });
    await finishZoneChanges(plain, now + HOUR_MS);
    const { zone, days } = await answered("continues", now + HOUR_MS);
    expect(zone).toBe("Asia/Kolkata");
    expect(sorted(days)).toEqual(sorted(counted(rows, zone)));
  });

  it("continues after an outage of storage", async () => {
    await addProject("outage");
    const rows = halfYear("outage");
    await importRows(rows, NOW);
    await settle(NOW);
    await changeTimeZone(env.SHARD_0, "outage", "Asia/Kolkata", NOW);
    const { stores, down } = unstableStores(plain.db, plain.lake);
    down.lake = true;
    await expect(deriveMarked(stores, NOW, { dueOnly: true })).rejects.toThrow("down");
    down.lake = false;
    await deriveMarked(stores, NOW, { dueOnly: true });
    await finishZoneChanges(stores, NOW);
    const { zone, days } = await answered("outage", NOW);
    expect(zone).toBe("Asia/Kolkata");
    expect(sorted(days)).toEqual(sorted(counted(rows, zone)));
  });
});

describe("an event with the id of another", () => {
  const twice = (project: string) => {
    // On two days in UTC and on one in India, where days begin at 18:30 UTC.
    const day = bucketStart(NOW - 5 * DAY_MS, "day", "UTC");
    return [day - 2 * HOUR_MS, day + 2 * HOUR_MS].map((time) => ({
      ...view(project, time, "v"),
      event_id: "same",
    }));
  };
  const eventsOf = async (project: string) => sum((await answered(project, NOW)).days, "events");

  it("counts once when both are on one day of the new zone, in the old one too once it was derived", async () => {
    await addProject("same");
    await importRows(twice("same"), NOW);
    await settle(NOW);
    expect(await eventsOf("same")).toBe(2);
    await changeTimeZone(env.SHARD_0, "same", "Asia/Kolkata", NOW);
    await deriveMarked(plain, NOW, { key: "same@1" });
    await deriveMarked(plain, NOW, { key: "same" });
    expect(await answered("same", NOW)).toMatchObject({ zone: "UTC" });
    expect(await eventsOf("same")).toBe(1);
    await settle(NOW);
    expect(await answered("same", NOW)).toMatchObject({ zone: "Asia/Kolkata" });
    expect(await eventsOf("same")).toBe(1);
  });

  it("counts once when it comes during the change", async () => {
    await addProject("comes");
    const now = bucketStart(NOW, "day", "UTC") + 10 * MINUTE_MS;
    const [first, second] = [now - 20 * MINUTE_MS, now].map((time) => ({
      ...view("comes", time, "v"),
      event_id: "same",
    }));
    await importRows([first!], now);
    await settle(now);
    await changeTimeZone(env.SHARD_0, "comes", "Asia/Kolkata", now);
    await deriveMarked(plain, now);
    await importRows([second!], now);
    await settle(now);
    const { zone, days } = await answered("comes", now);
    expect([zone, sum(days, "events")]).toEqual(["Asia/Kolkata", 1]);
  });
});

describe("a storage call that fails during a change", () => {
  for (const when of ["before", "after"] as const) {
    it(`${when} it was made changes no number, whichever call it is`, async () => {
      const change = async (project: string, at: number) => {
        await addProject(project);
        const rows = halfYear(project).slice(0, 40);
        await importRows(rows.slice(4), NOW);
        await settle(NOW);
        const { stores, counter } = failingStores(plain.db, plain.lake, { at, when });
        const again = async (run: (stores: Stores) => Promise<unknown>) => {
          await run(stores).catch(() => run(stores));
        };
        await again(({ db }) => changeTimeZone(db, project, "Asia/Kolkata", NOW));
        await again((s) => deriveMarked(s, NOW, { limit: 5 }));
        await importRows(rows.slice(0, 4), NOW);
        await again((s) => fold(s, NOW));
        await again((s) => deriveMarked(s, NOW));
        await again((s) => deriveMarked(s, NOW));
        await again((s) => finishZoneChanges(s, NOW));
        await again((s) => deriveMarked(s, NOW));
        await again((s) => finishZoneChanges(s, NOW));
        await again(({ db }) => purgeRetired(db, NOW + DAY_MS));
        const { zone, days } = await answered(project, NOW);
        expect(zone, `call ${at}`).toBe("Asia/Kolkata");
        expect(sorted(days), `call ${at}`).toEqual(sorted(counted(rows, zone)));
        const { results } = await env.SHARD_0.prepare("SELECT project FROM rollups WHERE project = ?1")
          .bind(project)
          .all();
        expect(results, `call ${at}`).toEqual([]);
        return counter.calls;
      };
      const calls = await change(`base-${when}`, 0);
      for (let at = 1; at <= calls; at += inject("failingCallStep")) await change(`k${at}-${when}`, at);
    }, 240_000);
  }
});

describe("at every moment of an import", () => {
  const step = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant("import" as const),
        events: fc.array(
          fc.record({
            /** Minutes after the start of the 200 days; or before now. */
            at: fc.oneof(fc.integer({ min: 0, max: 200 * 1440 }), fc.integer({ min: -90, max: -1 })),
            visitor: fc.integer({ min: 0, max: 2 }),
            more: fc.integer({ min: 0, max: 3 }),
          }),
          { minLength: 1, maxLength: 12 },
        ),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("fold" as const) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("derive" as const),
        limit: fc.integer({ min: 1, max: 40 }),
        next: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("change" as const), zone: fc.constantFrom(...ZONES) }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("finish" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("seal" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("merge" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("purge" as const) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("rebuild" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("wait" as const), hours: fc.integer({ min: 1, max: 40 }) }),
    },
  );
  const failure = fc.record({
    at: fc.integer({ min: 0, max: 30 }),
    when: fc.constantFrom("before" as const, "after" as const),
  });

  it("each event and session of a day counts once", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(step, failure), { minLength: 8, maxLength: 24 }),
        fc.constantFrom(...ZONES),
        async (steps, zone) => {
          const project = `z${projects++}`;
          await addProject(project, zone);
          const committed: EventRow[] = [];
          let folded: EventRow[] = [];
          let now = NOW;
          let total = 0;
          for (const [given, fail] of steps) {
            const { stores } = failingStores(plain.db, plain.lake, fail);
            const again = async (run: (stores: Stores) => Promise<unknown>) => {
              await run(stores).catch(() => run(plain));
            };
            if (given.do === "import") {
              const rows = given.events.flatMap(({ at, visitor, more }) => {
                const time = at < 0 ? now + at * MINUTE_MS : FIRST + at * MINUTE_MS;
                // Recent events continue sessions of other messages.
                const name = at < 0 ? `live-${visitor}` : `${messages}-${visitor}-${time}`;
                return Array.from({ length: more + 1 }, (_, i) =>
                  view(project, time - i * 20 * MINUTE_MS, name),
                );
              });
              await again((s) => commit(s, [messageOf(`m${++messages}`, rows, now)], now));
              committed.push(...rows);
            }
            if (given.do === "fold") {
              await again((s) => fold(s, now));
              folded = [...committed];
            }
            if (given.do === "derive") {
              const { generation, last_generation, next_timezone } = await stateOf(project);
              const number = given.next && next_timezone !== null ? last_generation : generation;
              const key = number ? `${project}@${number}` : project;
              await again((s) => deriveMarked(s, now, { key, limit: given.limit }));
            }
            if (given.do === "change") await again((s) => changeTimeZone(s.db, project, given.zone, now));
            if (given.do === "finish") await again((s) => finishZoneChanges(s, now));
            if (given.do === "seal") await again((s) => seal(s, now));
            if (given.do === "merge") {
              await fold(plain, now);
              folded = [...committed];
              await again((s) => merge(s, foldedUntil, now));
            }
            if (given.do === "purge") await again((s) => purgeRetired(s.db, now));
            if (given.do === "rebuild") await again((s) => rebuild(s.db, project, { from: 0, to: now }, now));
            if (given.do === "wait") now += given.hours * HOUR_MS;

            const { zone: current, days } = await answered(project, now);
            const expected = counted(folded, current);
            const dirty = await dirtyOf(project);
            for (const day of new Set([...days.keys(), ...expected.keys()])) {
              const label = `${given.do}: ${new Date(day).toISOString()} in ${current}`;
              const events = days.get(day)?.events ?? 0;
              if (!dirty.has(day)) expect(days.get(day), label).toEqual(expected.get(day));
              else expect(events, label).toBeLessThanOrEqual(expected.get(day)?.events ?? 0);
            }
            expect(sum(days, "events"), given.do).toBeGreaterThanOrEqual(total);
            total = sum(days, "events");
          }
          await settle(now);
          const state = await stateOf(project);
          expect(state.next_timezone).toBeNull();
          const { zone: current, days } = await answered(project, now);
          expect(sorted(days)).toEqual(sorted(counted(committed, current)));
        },
      ),
      { numRuns: inject("foldRuns") },
    );
  }, 900_000);
});
