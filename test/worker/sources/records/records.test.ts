import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import {
  beginGeneration,
  changedDays,
  changedRecords,
  clearPending,
  commitRead,
  type DayPage,
  dayRows,
  daysOf,
  existingKeys,
  type Read,
  readCursors,
  readPending,
  recordsOf,
  removeSourceRecords,
  rowCounts,
  type StreamCursor,
  sweepGenerations,
} from "../../../../worker/sources/records";

const db = env.SHARD_0;
const NOW = Date.UTC(2026, 10, 20);
let streams = 0;

/** A separate stream for each test. */
function newStream(account = "a1") {
  return { project: "p1", source: `s${++streams}`, stream: "campaigns", account };
}

const record = (key: string, value: number) => ({ key, body: JSON.stringify({ key, value }) });
const page = (day: string, ...parts: number[][]): DayPage => ({
  day,
  parts: parts.map((values) => ({
    body: JSON.stringify(values.map((value) => ({ value }))),
    rows: values.length,
  })),
});

async function commit(
  read: Omit<Read, "state" | "now"> & { state?: unknown; now?: number },
): Promise<StreamCursor> {
  const cursor = await commitRead(db, { state: null, now: NOW, ...read });
  if (!cursor) throw new Error("refused");
  return cursor;
}

async function all<T>(pages: AsyncGenerator<T[]>): Promise<T[]> {
  return (await Array.fromAsync(pages)).flat();
}

describe("commitRead", () => {
  it("writes rows and cursor together and reads them back", async () => {
    const key = newStream();
    const first = await commit({
      key,
      from: null,
      records: [record("b", 1), record("a", 2)],
      state: { at: 1 },
    });
    expect(first).toMatchObject({ version: 1, generation: 1, building: null, complete_until: null });
    const second = await commit({
      key,
      from: first,
      records: [record("b", 3)],
      removed: ["a"],
      completeUntil: 7,
    });
    expect(await all(recordsOf(db, key))).toEqual([
      { account: "a1", key: "a", body: { key: "a", value: 2 }, changed_at: NOW, removed_at: NOW },
      { account: "a1", key: "b", body: { key: "b", value: 3 }, changed_at: NOW, removed_at: null },
    ]);
    expect(await readCursors(db, "p1", key.source)).toEqual([second]);
    expect(await rowCounts(db, "p1", key.source)).toEqual(new Map([["campaigns", 1]]));
  });

  it("restores a removed record", async () => {
    const key = newStream();
    const first = await commit({ key, from: null, records: [record("a", 1)] });
    const second = await commit({ key, from: first, removed: ["a", "unknown"] });
    const target = { ...key, generation: 1 };
    expect(await existingKeys(db, target)).toEqual([]);
    expect(await changedRecords(db, target, [record("a", 1)])).toHaveLength(1);
    await commit({ key, from: second, records: [record("a", 1)] });
    expect(await existingKeys(db, target)).toEqual(["a"]);
  });

  it("refuses a read after a concurrent one, writing nothing", async () => {
    const key = newStream();
    const first = await commit({ key, from: null, records: [record("a", 1)] });
    expect(
      await commitRead(db, { key, from: null, records: [record("a", 8)], state: 0, now: NOW }),
    ).toBeNull();
    await commit({ key, from: first });
    expect(await commitRead(db, { key, from: first, removed: ["a"], state: 0, now: NOW })).toBeNull();
    expect(await all(recordsOf(db, key))).toMatchObject([{ key: "a", body: { value: 1 }, removed_at: null }]);
  });

  it("never reduces completeness", async () => {
    const key = newStream();
    const first = await commit({ key, from: null, completeUntil: 100 });
    const second = await commit({ key, from: first, completeUntil: 50 });
    await commit({ key, from: second });
    expect(await readCursors(db, "p1", key.source)).toMatchObject([{ complete_until: 100, version: 3 }]);
  });

  it("replaces whole days, also by fewer parts or none", async () => {
    const key = newStream();
    const days = [page("2026-10-31", [1], [2]), page("2026-11-01", [3, 4]), page("2026-11-02", [5])];
    const first = await commit({ key, from: null, days });
    await commit({ key, from: first, days: [page("2026-10-31", [9]), page("2026-11-02")] });
    expect(await dayRows(db, key)).toEqual([
      { account: "a1", day: "2026-10-31", rows: 1 },
      { account: "a1", day: "2026-11-01", rows: 2 },
    ]);
    expect(await all(daysOf(db, key, "2026-10"))).toEqual([
      { account: "a1", day: "2026-10-31", part: 0, records: [{ value: 9 }] },
    ]);
    expect(await changedDays(db, { ...key, generation: 1 }, [page("2026-11-01", [3, 4])])).toEqual([]);
    expect(
      await changedDays(db, { ...key, generation: 1 }, [page("2026-11-01"), page("2026-11-05")]),
    ).toEqual([page("2026-11-01")]);
  });

  it("takes rows larger than one parameter", async () => {
    const key = newStream();
    const records = Array.from({ length: 3000 }, (_, i) => ({
      key: `k${String(i).padStart(5, "0")}`,
      body: JSON.stringify({ text: "é".repeat(300), i }),
    }));
    await commit({ key, from: null, records });
    expect(await changedRecords(db, { ...key, generation: 1 }, records)).toEqual([]);
    expect((await all(recordsOf(db, key, 700))).map((row) => row.key)).toEqual(records.map((row) => row.key));
  });

  it("stores accounts separately and reads them together", async () => {
    const [key, other] = [newStream("b"), newStream("a")];
    other.source = key.source;
    await commit({ key, from: null, records: [record("x", 1)], days: [page("2026-10-01", [1])] });
    await commit({ key: other, from: null, records: [record("x", 2)], days: [page("2026-10-01", [2], [3])] });
    const read = await all(recordsOf(db, key, 1));
    expect(read.map(({ account, body }) => [account, body.value])).toEqual([
      ["a", 2],
      ["b", 1],
    ]);
    expect((await all(daysOf(db, key, "2026-10", 1))).map(({ account, part }) => [account, part])).toEqual([
      ["a", 0],
      ["a", 1],
      ["b", 0],
    ]);
  });
});

describe("pending marks for the marts", () => {
  it("list changes, and remain when there was another change meanwhile", async () => {
    const key = newStream();
    const days = [page("2026-10-31", [1]), page("2026-11-01", [1])];
    const first = await commit({ key, from: null, records: [record("a", 1)], days });
    const own = async () => (await readPending(db, 1000)).filter(({ source }) => source === key.source);
    const marks = await own();
    expect(marks.map(({ month }) => month)).toEqual(["", "2026-10", "2026-11"]);
    await commit({ key, from: first, days: [page("2026-10-31", [2])] });
    await db.batch([clearPending(db, marks)]);
    expect((await own()).map(({ month }) => month)).toEqual(["2026-10"]);
  });
});

describe("a generation", () => {
  it("is built beside the one that readers see and takes its place when complete", async () => {
    const key = newStream();
    const days = [page("2026-10-31", [1])];
    await commit({ key, from: null, records: [record("a", 1), record("b", 1)], days, completeUntil: 10 });
    await db.batch([clearPending(db, await readPending(db, 1000))]);
    await beginGeneration(db, key, NOW);
    const [begun] = await readCursors(db, "p1", key.source);
    expect(begun).toMatchObject({ generation: 1, building: 2, state: null, complete_until: 10 });
    const building = await commit({ key, from: begun!, records: [record("a", 2)], state: "half" });
    expect(building).toMatchObject({ generation: 1, building: 2 });
    expect((await all(recordsOf(db, key))).map(({ body }) => body.value)).toEqual([1, 1]);
    expect(await readPending(db, 1000)).toEqual([]);
    const built = await commit({ key, from: building, completeUntil: 20 });
    expect(built).toMatchObject({ generation: 2, building: null, complete_until: 20 });
    expect((await all(recordsOf(db, key))).map(({ body }) => body.value)).toEqual([2]);
    expect(await dayRows(db, key)).toEqual([]);
    expect((await readPending(db, 1000)).map(({ month }) => month)).toEqual(["", "2026-10"]);
  });

  it("that is not current is deleted in steps, also one that was restarted", async () => {
    const key = newStream();
    const records = Array.from({ length: 5 }, (_, i) => record(`k${i}`, i));
    await commit({ key, from: null, records, days: [page("2026-10-31", [1])] });
    await beginGeneration(db, key, NOW);
    const [begun] = await readCursors(db, "p1", key.source);
    await commit({ key, from: begun!, records });
    await beginGeneration(db, key, NOW);
    const left = () =>
      db
        .prepare(
          "SELECT generation, count(*) AS rows FROM source_records WHERE source = ?1 GROUP BY generation",
        )
        .bind(key.source)
        .all();
    while (await sweepGenerations(db, "p1", key.source, 2));
    expect((await left()).results).toEqual([{ generation: 1, rows: 5 }]);
    const [again] = await readCursors(db, "p1", key.source);
    await commit({ key, from: again!, records: [record("z", 1)], completeUntil: 5 });
    while (await sweepGenerations(db, "p1", key.source, 2));
    expect((await left()).results).toEqual([{ generation: 3, rows: 1 }]);
    expect(await dayRows(db, key)).toEqual([]);
  });
});

describe("a source that is removed", () => {
  it("leaves nothing, and refuses commits of a read that had started", async () => {
    const key = newStream();
    const records = Array.from({ length: 5 }, (_, i) => record(`k${i}`, i));
    const from = await commit({ key, from: null, records, days: [page("2026-10-31", [1], [2])] });
    while (await removeSourceRecords(db, "p1", key.source, 2));
    expect(await commitRead(db, { key, from, records, state: 0, now: NOW })).toBeNull();
    for (const table of ["source_streams", "source_records", "source_pages", "dirty_records"]) {
      const row = await db
        .prepare(`SELECT count(*) AS n FROM ${table} WHERE source = ?1`)
        .bind(key.source)
        .first();
      expect(row, table).toEqual({ n: 0 });
    }
  });
});
