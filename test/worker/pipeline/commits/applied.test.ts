import { env } from "cloudflare:workers";
import { ulid } from "ulid";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "../../../../worker/lib/time";
import {
  appendCommit,
  commitsAfter,
  dropApplied,
  entryContentOf,
  findApplied,
  type KeyState,
  keyStateOf,
  selectKeyState,
  tablesFor,
  withTables,
} from "../../../../worker/pipeline/commits";
import { timeInKey } from "../../../../worker/pipeline/commits/key-time";
import { LAKE } from "../../../support/lake";

const db = env.SHARD_0;
const stores = { db, lake: LAKE };
const NOW = Date.parse("2026-11-20T15:20:00Z");
const EMPTY = { segment: null, received_until: NOW, projects: {}, drops: {} };

/** Applies keys; `before` is what the consumer has read, by default now. */
async function append(
  keys: string[],
  now: number,
  { content = null, before }: { content?: string | null; before?: KeyState } = {},
): Promise<void> {
  const tables = tablesFor([NOW], now);
  const known = before ?? (await readState(keys, now));
  const keyed = { tables, before: known, keys: keys.map((key) => ({ key, content })) };
  await appendCommit(db, { ...EMPTY, keys: keyed }, [], now);
}

const readState = async (keys: string[], now = NOW) =>
  withTables(db, tablesFor([NOW], now), async () =>
    keyStateOf(await db.batch(selectKeyState(db, keys, now))),
  );

async function find(keys: string[], now = NOW) {
  const tables = tablesFor([NOW], now);
  return withTables(db, tables, () => findApplied(db, tables, keys));
}

const applied = async (keys: string[], now = NOW) => [...(await find(keys, now)).keys()];

describe("tables of applied keys", () => {
  it("are those of the days on which a message or its repetition can have been committed", () => {
    expect(tablesFor([NOW], NOW)).toEqual([
      "applied_keys_20261119",
      "applied_keys_20261120",
      "applied_keys_20261121",
    ]);
  });

  it("reach back sixteen days at most", () => {
    expect(tablesFor([0], NOW)).toHaveLength(18);
  });
});

describe("a commit", () => {
  const keysOf = (time: number, count: number, project = "p") =>
    Array.from({ length: count }, (_, i) => `${project}/${time}-${i}/0`);

  it("is refused as a whole when a key of it was applied meanwhile, also on another day and in whatever bucket", async () => {
    for (const key of ["p/first/0", `p/${NOW}-1/0`, `p/${ulid(NOW)}/0`]) {
      const other = `${key.slice(0, -2)}x/0`;
      const before = await readState([key, other]);
      await append([key], NOW);
      const [last] = (await commitsAfter(db, 0, 1000)).slice(-1);
      await expect(append([other, key], NOW + DAY_MS, { before })).rejects.toThrow();
      expect(await applied([key, other], NOW + DAY_MS)).toEqual([key]);
      expect(await commitsAfter(db, last?.seq ?? 0, 10)).toEqual([]);
    }
  });

  it("stores what its keys were used for", async () => {
    await append(["p/used/0"], NOW, { content: "first" });
    expect(await find(["p/used/0"])).toEqual(new Map([["p/used/0", entryContentOf("first")]]));
  });

  it("writes one row for keys of one second, and one for each other key", async () => {
    const rowsOf = async () => {
      const tables = tablesFor([NOW], NOW);
      const counts = await db.batch<{ n: number }>(
        tables.map((table) => db.prepare(`SELECT count(*) AS n FROM ${table}`)),
      );
      return counts.reduce((sum, { results }) => sum + (results[0]?.n ?? 0), 0);
    };
    const before = await rowsOf();
    const second = Math.floor(NOW / 1000) * 1000;
    await append([...keysOf(second, 60), ...keysOf(second + 999, 40), "p/own-1/0", "p/own-2/0"], NOW);
    expect((await rowsOf()) - before).toBe(3);
  });

  it("gives keys rows of their own when too many state the same second, and finds them all", async () => {
    const keys = keysOf(NOW + 60_000, 4_000, "flood");
    for (let at = 0; at < keys.length; at += 1_000) await append(keys.slice(at, at + 1_000), NOW);
    expect((await applied(keys)).sort()).toEqual(keys.sort());
    const { results } = await db
      .prepare(
        `SELECT bucket, sum(length(entries)) / 16 AS n FROM ${tablesFor([NOW], NOW)[1]} GROUP BY bucket ORDER BY n DESC`,
      )
      .all<{ bucket: number; n: number }>();
    expect(results[0]?.n).toBe(2_000);
    await expect(append([keys[3_999] ?? ""], NOW, { before: { full: new Set(), seq: 0 } })).rejects.toThrow();
  });

  it("retains its keys until no redelivery is possible", async () => {
    await append(["p/old/0"], NOW);
    expect(await dropApplied(stores, NOW + 16 * DAY_MS)).not.toContain("applied_keys_20261120");
    expect(await dropApplied(stores, NOW + 17 * DAY_MS)).toContain("applied_keys_20261120");
  });

  it("is found after a table was dropped that this isolate has cached", async () => {
    await append(["p/before/0"], NOW);
    await dropApplied(stores, NOW + 17 * DAY_MS);
    expect(await applied(["p/before/0"])).toEqual([]);
    await append(["p/after/0"], NOW);
    expect(await applied(["p/after/0"])).toEqual(["p/after/0"]);
  });
});

describe("the time in a key", () => {
  it.each([
    ["a ULID", `p/${ulid(NOW)}/0`, NOW],
    ["a UUID of version 7", "p/019a0a7e-4c00-7a30-9f3c-0123456789ab/2", 0x019a0a7e4c00],
    ["epoch ms and a hyphen", `p/${NOW}-123456/0`, NOW],
    ["an import's", `p/import-${ulid(NOW)}/0`, NOW],
    ["a UUID of version 4", "p/019a0a7e-4c00-4a30-9f3c-0123456789ab/0", null],
    ["an order's number", "p/order-1001/0", null],
    ["a hash", "p/aGVsbG8td29ybGQtaGVsbA/0", null],
    ["none", "p", null],
  ])("of %s", (_, key, time) => {
    expect(timeInKey(key)).toBe(time);
  });
});
