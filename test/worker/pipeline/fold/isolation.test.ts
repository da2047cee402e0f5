/** One project that cannot be processed does not stop the others, and is visible. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import type { EventRow } from "../../../../schema/wire/row";
import { MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, progressOf } from "../../../../worker/pipeline/fold";
import { markDirty } from "../../../../worker/pipeline/fold/store";
import { commit } from "../../../../worker/pipeline/queue";
import { unstableStores } from "../../../support/failing-storage";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const DAY = Date.parse("2026-11-20T00:00:00Z");
const TOTAL = "day 2026-11-20T00:00:00.000Z  null";
const stores = { db: env.SHARD_0, lake: LAKE };
let count = 0;
let [hostile, quiet] = ["", ""];

beforeEach(async () => {
  await stores.db.prepare("DELETE FROM dirty_days").run();
  // The hostile project comes first in every order by name.
  [hostile, quiet] = [`iso${count}a`, `iso${count}b`];
  count++;
  for (const project of [hostile, quiet]) await addProject(project);
});

function row(project: string, id: string, given: Partial<EventRow> = {}): EventRow {
  return makeRow({
    project_id: project,
    event_id: id,
    timestamp: NOW - MINUTE_MS,
    visitor_id: "v",
    ...given,
  });
}

async function eventsOf(project: string): Promise<unknown> {
  return (await derivedState(project)).rollups[TOTAL];
}

/** Commits messages of the hostile project, and one event of the quiet one. */
async function commitBoth(messages: number, rowOf: (index: number) => EventRow, events = 500): Promise<void> {
  for (let at = 0; at < messages; at++) {
    const rows = Array.from({ length: events }, (_, i) => rowOf(at * events + i));
    await commit(stores, [messageOf(`m${at}`, rows, NOW)], NOW);
  }
  await commit(stores, [messageOf("one", [row(quiet, "one")], NOW)], NOW);
}

/** Makes D1 refuse every rollup row of the hostile project. */
async function refuseRollups(): Promise<void> {
  await stores.db
    .prepare(
      `CREATE TRIGGER refuse_${hostile} BEFORE INSERT ON rollups WHEN NEW.project = '${hostile}'
       BEGIN SELECT RAISE(ABORT, 'refused'); END`,
    )
    .run();
}

describe("a project that cannot be folded", () => {
  it("is deferred to be derived, and its neighbor is folded", async () => {
    await refuseRollups();
    await commitBoth(1, (i) => row(hostile, `${i}`));
    const folded = await foldAll(stores, 0, NOW);
    expect(folded.completed.has(quiet)).toBe(true);
    expect(await eventsOf(quiet)).toMatchObject({ events: 1 });
    expect((await progressOf(stores.db, hostile))?.days_to_derive).toBeGreaterThan(0);
    // The watermark moved: the next fold has nothing to do.
    expect((await foldAll(stores, folded.until, NOW)).events).toBe(0);
  }, 60_000);

  it("shows that its days fail, which wait longer each time", async () => {
    await refuseRollups();
    await commitBoth(1, (i) => row(hostile, `${i}`));
    await foldAll(stores, 0, NOW);
    await stores.db.batch(markDirty(stores.db, [[quiet, DAY]], NOW));
    const derived = await deriveMarked(stores, NOW, { dueOnly: true });
    expect(derived.get(quiet)).toBe(1);
    expect(await eventsOf(quiet)).toMatchObject({ events: 1 });
    const first = await progressOf(stores.db, hostile);
    // The day before may have a session that continues: both days were one range.
    expect(first?.failing_days).toMatchObject({ days: 2, since: NOW });
    await deriveMarked(stores, NOW, { dueOnly: true });
    expect((await progressOf(stores.db, hostile))?.failing_days).toEqual(first?.failing_days);
    const again = (first?.failing_days?.retry_at ?? 0) + 1;
    await deriveMarked(stores, again, { dueOnly: true });
    // Alone, only the day that has events fails.
    const second = (await progressOf(stores.db, hostile))?.failing_days;
    expect(second).toMatchObject({ days: 1, since: NOW });
    expect((second?.retry_at ?? 0) - again).toBeGreaterThan((first?.failing_days?.retry_at ?? 0) - NOW);
  }, 60_000);
});

describe("an outage", () => {
  it("postpones no days", async () => {
    await commitBoth(1, (i) => row(hostile, `${i}`));
    await foldAll(stores, 0, NOW);
    await stores.db.batch(markDirty(stores.db, [[hostile, DAY]], NOW));
    const unstable = unstableStores(env.SHARD_0, LAKE);
    unstable.down.lake = true;
    await expect(deriveMarked(unstable.stores, NOW)).rejects.toThrow("lake is down");
    expect((await progressOf(stores.db, hostile))?.failing_days).toBeNull();
    unstable.down.lake = false;
    await deriveMarked(unstable.stores, NOW);
    expect(await eventsOf(hostile)).toMatchObject({ events: 500 });
  });
});

describe("8,000 ids of 255 characters", () => {
  it("fit the statements that read people", async () => {
    await commitBoth(16, (i) => {
      const id = `${i}`.padStart(255, "u");
      return row(hostile, `${i}`, { distinct_id: id, visitor_id: id });
    });
    await foldAll(stores, 0, NOW);
    expect(await eventsOf(hostile)).toMatchObject({ events: 8000 });
  }, 60_000);
});

describe("an event of 1970 in a segment of one large day", () => {
  it("does not keep the day from being derived", async () => {
    await commitBoth(1, (i) => row(hostile, `${i}`, i === 0 ? { timestamp: 1000 } : {}));
    await foldAll(stores, 0, NOW);
    const derived = await deriveMarked(stores, NOW);
    expect(derived.get(hostile)).toBeGreaterThan(0);
    expect(await eventsOf(hostile)).toMatchObject({ events: 499 });
    expect((await progressOf(stores.db, hostile))?.failing_days).toBeNull();
  }, 60_000);
});

describe("a day that is not due yet", () => {
  it("wakes the folder when it is due", async () => {
    await commitBoth(1, (i) => row(hostile, `${i}`));
    await foldAll(stores, 0, NOW);
    const later = Date.now() + 30 * MINUTE_MS;
    await stores.db.batch(markDirty(stores.db, [[hostile, DAY]], NOW));
    await stores.db
      .prepare("UPDATE dirty_days SET retry_at = ?2 WHERE project = ?1")
      .bind(hostile, later)
      .run();
    const folder = env.FOLDER.get(env.FOLDER.idFromName(`due-${count}`));
    await runInDurableObject(folder, (_, { storage }) => storage.setAlarm(Date.now()));
    await runDurableObjectAlarm(folder);
    const alarm = await runInDurableObject(folder, (_, { storage }) => storage.getAlarm());
    expect(alarm).toBe(later);
  });
});

describe("a step of the folder that fails", () => {
  it("does not stop the others, and is tried again", async () => {
    await commitBoth(1, (i) => row(hostile, `${i}`));
    const folder = env.FOLDER.get(env.FOLDER.idFromName(`isolation-${count}`));
    await runInDurableObject(folder, async (instance, state) => {
      // Merging, sealing and collecting start at once; only listing objects fails.
      const lake = new Proxy(env.LAKE, {
        get: (bucket, name) =>
          name === "list"
            ? () => Promise.reject(new Error("list fails"))
            : (Reflect.get(bucket, name) as () => unknown).bind(bucket),
      });
      Object.defineProperty(instance, "env", { value: { ...env, LAKE: lake } });
      await state.storage.setAlarm(Date.now());
    });
    await runDurableObjectAlarm(folder);
    expect(await eventsOf(hostile)).toMatchObject({ events: 500 });
    await runInDurableObject(folder, async (_, { storage }) => {
      expect(await storage.get("failed collect")).toMatchObject({ failures: 1 });
      expect(await storage.get("failed fold")).toBeUndefined();
      expect(await storage.getAlarm()).not.toBeNull();
    });
  });
});
