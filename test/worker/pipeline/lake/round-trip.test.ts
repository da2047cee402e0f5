import fc from "fast-check";
import { ulid } from "ulid";
import { expect, test } from "vitest";
import { DROP_REASONS, type EventRow } from "../../../../schema/wire/row.ts";
import {
  type Cell,
  DATASETS,
  type Dataset,
  type RowOf,
  readRows,
  writeSegment,
} from "../../../../worker/pipeline/lake/index.ts";
import { LAKE } from "../../../support/lake";
import { makeRows } from "./make-rows.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom("", "a", "\u{feff}bom", "naïve 東京 🧵", "x".repeat(5_000), "é".repeat(3_000)),
);
const cell: Record<string, fc.Arbitrary<Cell>> = {
  dictionary: text,
  text,
  json: fc.json(),
  timestamp: fc.integer({ min: -8_640_000_000_000, max: 8_640_000_000_000_000 }),
  int32: fc.integer(),
  int64: fc.maxSafeInteger(),
  double: fc.double({ noNaN: true, noDefaultInfinity: true }),
  boolean: fc.boolean(),
};

/** Any row of a dataset, in a few projects so that they interleave. */
function anyRow<D extends Dataset>(dataset: D): fc.Arbitrary<RowOf<D>> {
  const fields = Object.entries(DATASETS[dataset].columns).map(([name, spec]) => {
    let value = cell[spec.type]!;
    if (name === "project_id") value = fc.constantFrom("p1", "p2", "p10");
    if (name === "drop_reason") value = fc.constantFrom(...Object.keys(DROP_REASONS));
    if (name === "op") value = fc.constantFrom("write", "remove");
    return [name, spec.nullable ? fc.option(value) : value] as const;
  });
  return fc.record(Object.fromEntries(fields)) as fc.Arbitrary<unknown> as fc.Arbitrary<RowOf<D>>;
}

const key = (row: object) => JSON.stringify(Object.entries(row).sort());

const NAMES = Object.keys(DATASETS) as Dataset[];

for (const dataset of NAMES) {
  test(`any ${dataset} are read as written, sorted by project`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRow(dataset), { minLength: 1, maxLength: 40 }), async (rows) => {
        const at = { id: ulid(), level: 0, seq: 1, now: 0 };
        const segment = await writeSegment(LAKE, dataset, rows, at);
        const back = await readRows(LAKE, segment, { dataset });
        expect(back.map(key).sort()).toEqual(rows.map(key).sort());
        expect(back.map((row) => row.project_id)).toEqual(rows.map((row) => row.project_id).sort());
        for (const project of ["p1", "p2", "p10"]) {
          const own = await readRows(LAKE, segment, { dataset, project });
          expect(own).toEqual(back.filter((row) => row.project_id === project));
        }
      }),
      { numRuns: 40 },
    );
  });
}

test("many rows are ordered by time within a project, over row groups", async () => {
  const rows = makeRows({ count: 70_000, projects: ["b", "a"], seed: 3 });
  const segment = await writeSegment(LAKE, "events", rows, { id: ulid(), level: 0, seq: 7, now: 5 });
  const sorted = [...rows].sort((a, b) =>
    a.project_id !== b.project_id
      ? a.project_id < b.project_id
        ? -1
        : 1
      : a.timestamp - b.timestamp || (a.event_id < b.event_id ? -1 : 1),
  );
  expect(segment).toMatchObject({ rows: 70_000, seq: 7, created_at: 5, level: 0, dataset: "events" });
  const firstB = sorted.findIndex((row) => row.project_id === "b");
  expect(segment.projects.b?.slice(0, 2)).toEqual([firstB, 70_000 - firstB]);
  const back = await readRows(LAKE, segment, { dataset: "events", project: "b" });
  expectSame(back, sorted.slice(firstB));
  const [from, to] = [sorted[firstB + 100]!.timestamp, sorted.at(-100)!.timestamp];
  const inside = (row: EventRow) => row.timestamp >= from && row.timestamp < to;
  const part = await readRows(LAKE, segment, { dataset: "events", project: "b", from, to });
  expectSame(part, sorted.slice(firstB).filter(inside));
  const all = await readRows(LAKE, segment, { dataset: "events", from, to });
  expectSame(all, sorted.filter(inside));
});

/** All ids in order, and every 97th row in full: comparing every field of 70,000 rows takes half a minute. */
function expectSame(actual: EventRow[], expected: EventRow[]): void {
  const ids = (rows: EventRow[]) => rows.map((row) => row.event_id).join();
  const some = (rows: EventRow[]) => rows.filter((_, index) => index % 97 === 0);
  expect(actual.length).toBe(expected.length);
  expect(ids(actual) === ids(expected)).toBe(true);
  expect(some(actual)).toEqual(some(expected));
}

test("a value that its column does not allow throws", async () => {
  const [row] = makeRows({ count: 1 });
  const at = { id: ulid(), level: 0, seq: 1, now: 0 };
  await expect(writeSegment(LAKE, "events", [{ ...row!, timestamp: 1.5 }], at)).rejects.toThrow("1.5");
  await expect(writeSegment(LAKE, "events", [], at)).rejects.toThrow("at least one row");
});
