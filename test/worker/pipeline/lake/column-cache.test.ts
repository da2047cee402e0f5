import fc from "fast-check";
import { ulid } from "ulid";
import { expect, test } from "vitest";
import {
  type Cell,
  type ColumnBatch,
  cellOf,
  DATASETS,
  readCached,
  readColumns,
  type SegmentInfo,
  writeSegment,
} from "../../../../worker/pipeline/lake";
import { countingBucket } from "../../../support/counting-bucket";
import { LAKE } from "../../../support/lake";
import { makeRows } from "./make-rows.ts";

const COLUMNS = ["timestamp", "path", "session_id", "event_id", "clock_skewed", "drop_reason"];
const { columns: specs } = DATASETS.events;

async function rowsOf(batches: AsyncGenerator<ColumnBatch>, columns: readonly string[]) {
  const rows: Cell[][] = [];
  for await (const { length, columns: read } of batches) {
    for (let row = 0; row < length; row++)
      rows.push(columns.map((name) => cellOf(read[name]!, specs[name]!, row)));
  }
  return rows;
}

async function write(rows: Parameters<typeof makeRows>[0]): Promise<SegmentInfo> {
  return writeSegment(LAKE, "events", makeRows(rows), { id: ulid(), level: 0, seq: 0, now: 0 });
}

test("cached reads equal uncached ones, whatever was read before", async () => {
  const segment = await write({ count: 70_000, seed: 2 });
  const at = fc.option(fc.integer({ min: segment.min_time - 10, max: segment.max_time + 10 }), {
    nil: undefined,
  });
  const columns = fc.subarray(COLUMNS, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(columns, at, at, async (wanted, from, to) => {
      const request = { columns: wanted, project: "p1", from, to };
      const fromCache = await rowsOf(readCached(LAKE, segment, request), wanted);
      expect(fromCache).toEqual(await rowsOf(readColumns(LAKE, segment, request), wanted));
    }),
    { numRuns: 12 },
  );
});

test("cached columns are not fetched again, and only missing ones are", async () => {
  const segment = await write({ count: 70_000, seed: 3 });
  const { bucket, counts } = countingBucket(LAKE);
  const read = async (columns: string[]) => {
    const before = counts.gets;
    await rowsOf(readCached(bucket, segment, { columns, project: "p1" }), columns);
    return counts.gets - before;
  };
  expect(await read(["path"])).toBeGreaterThan(2);
  expect(await read(["path"])).toBe(0);
  // One per row group.
  expect(await read(["path", "hostname"])).toBe(2);
});

test("cached values are not returned to other projects", async () => {
  const segment = await write({ count: 2_000, projects: ["a", "b"], seed: 4 });
  const request = { columns: ["path"], project: "b" };
  for (let turn = 0; turn < 2; turn++) {
    const fromCache: ColumnBatch[] = [];
    for await (const batch of readCached(LAKE, segment, request)) fromCache.push(batch);
    const plain: ColumnBatch[] = [];
    for await (const batch of readColumns(LAKE, segment, request)) plain.push(batch);
    expect(fromCache.map(({ columns }) => columns)).toEqual(plain.map(({ columns }) => columns));
  }
  await expect(rowsOf(readCached(LAKE, segment, { ...request, columns: ["nothing"] }), [])).rejects.toThrow(
    "no column nothing",
  );
});
