import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "../../../../worker/lib/time";
import {
  appendCommit,
  commitsAfter,
  dropApplied,
  findApplied,
  tablesFor,
  withTables,
} from "../../../../worker/pipeline/commits";
import { LAKE } from "../../../support/lake";

const db = env.SHARD_0;
const stores = { db, lake: LAKE };
const NOW = Date.parse("2026-11-20T15:20:00Z");
const EMPTY = { segment: null, received_until: NOW, projects: {}, drops: {} };

async function append(keys: string[], now: number): Promise<void> {
  const tables = tablesFor([NOW], now);
  const keyed = keys.map((key) => ({ key, content: null }));
  await withTables(db, tables, () => appendCommit(db, tables, { ...EMPTY, keys: keyed }, [], now));
}

describe("tables of applied keys", () => {
  it("are those of the days on which a message or its repetition can have been committed", () => {
    expect(tablesFor([NOW], NOW)).toEqual(["applied_20261119", "applied_20261120", "applied_20261121"]);
  });

  it("reach back sixteen days at most", () => {
    expect(tablesFor([0], NOW)).toHaveLength(18);
  });
});

describe("a commit", () => {
  it("is refused as a whole when a key of it is applied, also on another day", async () => {
    await append(["first"], NOW);
    const [last] = (await commitsAfter(db, 0, 1000)).slice(-1);
    await expect(append(["second", "first"], NOW + DAY_MS)).rejects.toThrow();
    const found = await findApplied(db, tablesFor([NOW], NOW + DAY_MS), ["first", "second"]);
    expect([...found.keys()]).toEqual(["first"]);
    expect(await commitsAfter(db, last?.seq ?? 0, 10)).toEqual([]);
  });

  it("adds the column of contents to a table of an earlier version", async () => {
    const later = NOW + 40 * DAY_MS;
    const [first = ""] = tablesFor([later], later);
    await db.prepare(`CREATE TABLE ${first} (key TEXT PRIMARY KEY) WITHOUT ROWID`).run();
    await db.prepare(`INSERT INTO ${first} VALUES ('earlier')`).run();
    const tables = tablesFor([later], later);
    const found = await withTables(db, tables, () => findApplied(db, tables, ["earlier"]));
    expect([...found]).toEqual([["earlier", null]]);
  });

  it("retains its keys until no redelivery is possible", async () => {
    await append(["old"], NOW);
    expect(await dropApplied(stores, NOW + 16 * DAY_MS)).not.toContain("applied_20261120");
    expect(await dropApplied(stores, NOW + 17 * DAY_MS)).toContain("applied_20261120");
  });

  it("is found after a table was dropped that this isolate has cached", async () => {
    await append(["before"], NOW);
    await dropApplied(stores, NOW + 17 * DAY_MS);
    const tables = tablesFor([NOW], NOW);
    expect((await withTables(db, tables, () => findApplied(db, tables, ["before"]))).size).toBe(0);
    await append(["after"], NOW);
    expect((await withTables(db, tables, () => findApplied(db, tables, ["after"]))).size).toBe(1);
  });
});
