import { env } from "cloudflare:workers";
import { ulid } from "ulid";
import { beforeEach, expect, test } from "vitest";
import type { EventRow } from "../../../../schema/wire/row.ts";
import { readFooter } from "../../../../worker/pipeline/lake/footer.ts";
import {
  addSegment,
  collect,
  liveSegments,
  mergeStep,
  readRows,
  rewriteSegment,
  SegmentGoneError,
  segmentPath,
  writeSegment,
} from "../../../../worker/pipeline/lake/index.ts";
import { countingBucket } from "../../../support/counting-bucket.ts";
import { LAKE } from "../../../support/lake";
import { makeRows } from "./make-rows.ts";

const { SHARD_0: db } = env;
const lake = LAKE;
const HOUR = 3_600_000;

beforeEach(async () => {
  await db.exec("DELETE FROM segments");
  const { objects } = await lake.list();
  await lake.delete(objects.map((object) => object.key));
});

async function commit(seq: number, rows: EventRow[]): Promise<void> {
  const segment = await writeSegment(lake, "events", rows, { id: ulid(seq), level: 0, seq, now: seq });
  await db.batch([addSegment(db, segment)]);
}

/** `count` small commits; their rows. */
async function commitMany(count: number): Promise<EventRow[]> {
  const all: EventRow[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const rows = makeRows({ count: 30, projects: ["a", "b", "c"], seed: seq });
    await commit(seq, rows);
    all.push(...rows);
  }
  return all;
}

async function lakeRows(): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (const segment of await liveSegments(db, "events")) {
    rows.push(...(await readRows(lake, segment, { dataset: "events" })));
  }
  return rows;
}

const byId = (rows: EventRow[]) => [...rows].sort((a, b) => (a.event_id < b.event_id ? -1 : 1));
const merge = (bucket = lake, foldedSeq = 100) =>
  mergeStep(db, bucket, { dataset: "events", foldedSeq, now: HOUR });

test("eight segments become one of the next level with the same rows, by project and time", async () => {
  const rows = await commitMany(9);
  expect(await merge()).toBe(true);
  expect(await merge()).toBe(false);
  const live = await liveSegments(db, "events");
  expect(live.map(({ level, seq }) => [level, seq]).sort()).toEqual([
    [0, 9],
    [1, 8],
  ]);
  expect(byId(await lakeRows())).toEqual(byId(rows));
  const merged = live.find(({ level }) => level === 1)!;
  const own = await readRows(lake, merged, { dataset: "events", project: "b" });
  const times = own.map((row) => row.timestamp);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(merged.projects.b?.slice(1)).toEqual([own.length, times[0], times.at(-1)]);
});

test("merging preserves every row over row groups, pages and frames", async () => {
  const all: EventRow[] = [];
  for (let seq = 1; seq <= 8; seq++) {
    const rows = makeRows({ count: 9_000, projects: ["a", "b"], seed: seq }).map((row, index) => ({
      ...row,
      properties: index % 50 === 0 ? JSON.stringify({ long: "é".repeat(4_000) }) : row.properties,
    }));
    await commit(seq, rows);
    all.push(...rows);
  }
  expect(await merge()).toBe(true);
  const [merged] = await liveSegments(db, "events");
  expect(merged).toMatchObject({ rows: 72_000, level: 1, seq: 8 });
  const [expected, actual] = [byId(all), byId(await lakeRows())];
  expect(actual.length).toBe(expected.length);
  // Comparing every field of 72,000 rows takes long; the order by id reveals any lost or repeated row in these.
  const some = (rows: EventRow[]) => rows.filter((_, index) => index % 37 === 0);
  expect(some(actual)).toEqual(some(expected));
});

test("row groups are bounded by the bytes of a column, and merging preserves every row", async () => {
  const all: EventRow[] = [];
  for (let seq = 1; seq <= 8; seq++) {
    const rows = makeRows({ count: 150, projects: ["a", "b"], seed: seq }).map((row, index) => ({
      ...row,
      properties: JSON.stringify({ long: "x".repeat(30_000) }),
      path: `/${index}/${seq}${"y".repeat(10_000)}`,
    }));
    await commit(seq, rows);
    all.push(...rows);
  }
  expect(await merge()).toBe(true);
  const [merged] = await liveSegments(db, "events");
  const { footer } = await readFooter(lake, merged!);
  const raw = footer.groups.map(({ chunks }) =>
    ["properties", "path"].map((name) => chunks.get(name)!.rawBytes),
  );
  for (const [properties, path] of raw) {
    expect(properties).toBeLessThan(16.1 * 1024 * 1024);
    expect(path).toBeLessThan(4.1 * 1024 * 1024);
  }
  expect(raw.length).toBe(3);
  expect(byId(await lakeRows())).toEqual(byId(all));
});

test("what is not folded yet is not merged", async () => {
  await commitMany(8);
  expect(await merge(lake, 7)).toBe(false);
  expect(await merge(lake, 8)).toBe(true);
});

test("merging goes up level by level", async () => {
  const rows = await commitMany(64);
  let merges = 0;
  while (await merge()) merges++;
  expect(merges).toBe(9);
  const live = await liveSegments(db, "events");
  expect(live.map(({ level, rows, seq }) => [level, rows, seq])).toEqual([[2, 64 * 30, 64]]);
  expect(byId(await lakeRows())).toEqual(byId(rows));
});

test("rows to be left out are removed, and if none remain, the segment", async () => {
  const rows = await commitMany(8);
  const remaining = (row: EventRow) => row.project_id !== "b";
  await mergeStep(db, lake, { dataset: "events", foldedSeq: 8, now: HOUR, keep: async () => remaining });
  expect(byId(await lakeRows())).toEqual(byId(rows.filter(remaining)));
  const [merged] = await liveSegments(db, "events");
  expect(Object.keys(merged!.projects).sort()).toEqual(["a", "c"]);
  await db.exec("DELETE FROM segments");
  await commitMany(8);
  await mergeStep(db, lake, { dataset: "events", foldedSeq: 8, now: HOUR, keep: async () => () => false });
  expect(await liveSegments(db, "events")).toEqual([]);
});

test("a rewritten segment lacks the removed rows, and is written only while it is live", async () => {
  const rows = await commitMany(2);
  const [first] = await liveSegments(db, "events", { project: "a" });
  const keep = (row: EventRow) => row.project_id !== "a" || row.event_name !== "pageview";
  const request = { dataset: "events" as const, now: HOUR, keep };
  expect(await rewriteSegment(db, lake, first!, request)).toMatchObject({ segment: { level: 0 } });
  expect(await rewriteSegment(db, lake, first!, request)).toBe(null);
  const remaining = [...rows.slice(0, 30).filter(keep), ...rows.slice(30)];
  expect(byId(await lakeRows())).toEqual(byId(remaining));
});

test("a failure at any storage call loses and repeats nothing", async () => {
  let rows: EventRow[] = [];
  for (let k = 0, done = false; !done; k++) {
    await db.exec("DELETE FROM segments");
    rows = byId(await commitMany(8));
    const failing = failingStorage(k);
    const step = mergeStep(failing.db, failing.lake, { dataset: "events", foldedSeq: 8, now: HOUR });
    done = (await step.catch(() => "failed")) === true;
    expect(byId(await lakeRows())).toEqual(rows);
    await collect(db, lake, HOUR);
    expect(byId(await lakeRows())).toEqual(rows);
    await merge();
    expect((await liveSegments(db, "events")).map(({ level }) => level)).toEqual([1]);
  }
  expect(byId(await lakeRows())).toEqual(rows);
});

/** The real bucket and database, whose call number `k` throws: even numbers before it is made, odd ones after. */
function failingStorage(k: number): { db: D1Database; lake: R2Bucket } {
  let call = 0;
  const guard = async <T>(run: () => Promise<T>): Promise<T> => {
    const mine = call++;
    if (mine === k >> 1 && k % 2 === 0) throw new Error(`call ${mine} failed before`);
    const result = await run();
    if (mine === k >> 1) throw new Error(`call ${mine} failed after`);
    return result;
  };
  const wrap = <T extends object>(target: T, names: string[]): T =>
    new Proxy(target, {
      get: (inner, name) => {
        const value = Reflect.get(inner, name);
        if (typeof value !== "function") return value;
        return names.includes(String(name))
          ? (...args: unknown[]) => guard(() => value.apply(inner, args))
          : value.bind(inner);
      },
    });
  return { db: wrap(db, ["batch"]), lake: wrap(lake, ["get", "put", "delete", "list"]) };
}

test("of concurrent merges one succeeds", async () => {
  const rows = await commitMany(8);
  const outcomes = await Promise.all([merge(), merge(), merge(), merge()]);
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(byId(await lakeRows())).toEqual(byId(rows));
});

test("dead objects are deleted an hour after their merge, unreferenced ones after a day", async () => {
  const rows = await commitMany(8);
  const before = await liveSegments(db, "events");
  await merge();
  await lake.put(segmentPath("events", 0, ulid()), "left by a crash");
  expect(await collect(db, lake, 2 * HOUR - 1)).toEqual({ deleted: 0 });
  await expect(readRows(lake, before[0]!, { dataset: "events" })).resolves.toHaveLength(30);
  expect(await collect(db, lake, 2 * HOUR)).toEqual({ deleted: 8 });
  expect(await collect(db, lake, 2 * HOUR)).toEqual({ deleted: 0 });
  expect(await db.prepare("SELECT count(*) FROM segments").first("count(*)")).toBe(1);
  const gone = readRows(lake, { ...before[1]!, id: ulid() }, { dataset: "events" });
  await expect(gone).rejects.toThrow(SegmentGoneError);
  expect(await collect(db, lake, Date.now() + 23 * HOUR)).toEqual({ deleted: 0 });
  expect(await collect(db, lake, Date.now() + 25 * HOUR)).toEqual({ deleted: 1 });
  expect(byId(await lakeRows())).toEqual(byId(rows));
});

test("collecting continues after a failure at any storage call", async () => {
  const rows = byId(await commitMany(8));
  await merge();
  for (let k = 0; k < 12; k++) {
    const { bucket } = countingBucket(lake, (call) => call === k);
    await collect(db, bucket, 3 * HOUR).catch(() => undefined);
    expect(byId(await lakeRows())).toEqual(rows);
  }
  expect(await db.prepare("SELECT count(*) FROM segments").first("count(*)")).toBe(1);
});

test("everything that is dead is collected, however much there is", async () => {
  await env.SHARD_0.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4500)
     INSERT INTO segments (id, dataset, level, rows, bytes, min_time, max_time, projects, seq, created_at, dead_at)
     SELECT 'dead' || i, 'events', 0, 1, 1, 0, 0, '{}', 0, 0, 1 FROM n`,
  ).run();
  expect(await collect(env.SHARD_0, LAKE, 2 * HOUR)).toMatchObject({ deleted: 4500 });
});
