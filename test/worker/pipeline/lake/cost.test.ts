import { env } from "cloudflare:workers";
import { ulid } from "ulid";
import { beforeAll, beforeEach, expect, test } from "vitest";
import {
  addSegment,
  type ColumnBatch,
  mergeStep,
  type ReadRequest,
  readColumns,
  readRows,
  type SegmentInfo,
  writeSegment,
} from "../../../../worker/pipeline/lake/index.ts";
import { countingBucket } from "../../../support/counting-bucket.ts";
import { LAKE } from "../../../support/lake";
import { makeRows } from "./make-rows.ts";

const HOUR = 3_600_000;
const { bucket, counts, reset } = countingBucket(LAKE);
let small: SegmentInfo;
let large: SegmentInfo;

async function write(count: number, projects: string[], seed: number): Promise<SegmentInfo> {
  const rows = makeRows({ count, projects, seed, start: 0, spanMs: 24 * HOUR });
  return writeSegment(bucket, "events", rows, { id: ulid(), level: 0, seq: 1, now: 0 });
}

beforeAll(async () => {
  small = await write(500, ["a", "b"], 1);
  large = await write(150_000, ["a", "b"], 2);
});
beforeEach(reset);

async function read(segment: SegmentInfo, request: ReadRequest): Promise<ColumnBatch[]> {
  const batches: ColumnBatch[] = [];
  for await (const batch of readColumns(bucket, segment, request)) batches.push(batch);
  return batches;
}
const lengthOf = (batches: ColumnBatch[]) => batches.reduce((sum, batch) => sum + batch.length, 0);
const bytesOf = (batches: ColumnBatch[]) => batches.reduce((sum, batch) => sum + batch.bytesRead, 0);

test("a segment is written with one put", async () => {
  await write(10, ["a"], 3);
  expect(counts).toMatchObject({ puts: 1, gets: 0, lists: 0 });
});

test("a small segment is one get, footer and all; its footer is fetched once", async () => {
  await read(small, { columns: ["event_name", "event_id"] });
  expect(counts.gets).toBe(1);
  reset();
  const again = await read(small, { columns: ["event_name"] });
  expect(counts.gets).toBe(1);
  expect(counts.bytesRead).toBeLessThan(1_000);
  expect(bytesOf(again)).toBe(counts.bytesRead);
});

test("columns of a large segment cost one get per row group and a few of its bytes", async () => {
  const batches = await read(large, { columns: ["timestamp", "event_name"] });
  expect(lengthOf(batches)).toBe(150_000);
  expect(batches.map((batch) => batch.length)).toEqual([65_536, 65_536, 18_928]);
  // The footer, then neighboring columns of three row groups.
  expect(counts.gets).toBe(1 + 3);
  expect(bytesOf(batches)).toBe(counts.bytesRead);
  expect(counts.bytesRead).toBeLessThan(large.bytes / 15);
  reset();
  await read(large, { columns: ["timestamp", "user_agent"] });
  expect(counts.gets).toBe(3 * 2);
});

test("row groups without the project are not fetched, and its batches contain no other project's values", async () => {
  const [first, rows] = large.projects.b!;
  expect(first).toBeGreaterThan(65_536);
  const batches = await read(large, { columns: ["project_id", "visitor_id"], project: "b" });
  expect(lengthOf(batches)).toBe(rows);
  expect(counts.gets).toBeLessThanOrEqual(2 * 2);
  for (const { columns } of batches) {
    const { project_id, visitor_id } = columns;
    expect(project_id).toMatchObject({ kind: "dictionary", dictionary: ["b"] });
    if (visitor_id?.kind !== "dictionary") throw new Error("visitor_id has codes");
    expect(new Set(visitor_id.codes).size).toBe(visitor_id.dictionary.length);
  }
});

test("nothing is fetched when nothing matches by the manifest", async () => {
  expect(await read(large, { columns: ["path"], project: "nobody" })).toEqual([]);
  expect(await read(large, { columns: ["path"], project: "a", from: 48 * HOUR })).toEqual([]);
  expect(await read(large, { columns: ["path"], to: -HOUR })).toEqual([]);
  expect(counts.gets).toBe(0);
});

test("the time column is fetched only when a bound falls inside the segment", async () => {
  const inside = await read(large, { columns: ["path"], project: "a", from: -HOUR, to: 25 * HOUR });
  const plain = counts.bytesRead;
  reset();
  const half = await read(large, { columns: ["path"], project: "a", from: 12 * HOUR, to: 25 * HOUR });
  expect(counts.bytesRead).toBeGreaterThan(plain);
  const share = lengthOf(half) / lengthOf(inside);
  expect(share).toBeGreaterThan(0.45);
  expect(share).toBeLessThan(0.55);
  expect(Object.keys(half[0]!.columns)).toEqual(["path"]);
});

test("row groups outside the time range are not fetched", async () => {
  const late = await read(large, { columns: ["path"], project: "a", from: 23 * HOUR });
  expect(late).toHaveLength(1);
  expect(counts.gets).toBeLessThanOrEqual(2);
  expect(lengthOf(late)).toBeGreaterThan(2_000);
});

test("whole rows cost one get per object, never more than six at once", async () => {
  const fresh = await write(2_000, ["a"], 5);
  reset();
  await readRows(bucket, fresh, { dataset: "events" });
  expect(counts.gets).toBe(1);
  reset();
  const spread = ["project_id", "path", "region", "received_at", "user_agent", "event_id", "properties"];
  await read(large, { columns: spread });
  expect(counts.mostGetsAtOnce).toBeLessThanOrEqual(6);
});

test("a merge is one get per input and one put", async () => {
  for (let seq = 1; seq <= 8; seq++) {
    const rows = makeRows({ count: 200, seed: seq });
    const segment = await writeSegment(bucket, "events", rows, { id: ulid(seq), level: 0, seq, now: seq });
    await env.SHARD_0.batch([addSegment(env.SHARD_0, segment)]);
  }
  reset();
  expect(await mergeStep(env.SHARD_0, bucket, { dataset: "events", foldedSeq: 8, now: HOUR })).toBe(true);
  expect(counts).toMatchObject({ gets: 8, puts: 1, deletes: 0, lists: 0 });
  expect(counts.mostGetsAtOnce).toBeLessThanOrEqual(6);
});

test("an unknown column is refused", async () => {
  await expect(read(small, { columns: ["nonsense"] })).rejects.toThrow("no column nonsense");
});
