/** Rows with more values than places: the most frequent ones have a place, and every line is within its bound. */
import { describe, expect, it } from "vitest";
import {
  applyCells,
  COUNTS,
  compareValues,
  type Dimension,
  decodePacked,
  encodePacked,
  fromSealedRows,
  isSealedExactly,
  leadOf,
  OPEN_VALUES,
  OTHER,
  type Packed,
  PRECISION,
  type RollupCells,
  SEALED_VALUES,
  Sketch,
  sealPacked,
  toSealedRows,
} from "../../../../worker/pipeline/rollup";

/** Reproducible numbers in [0, 1). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function sketchOf(member: number): Sketch {
  const sketch = new Sketch(PRECISION.coarse);
  sketch.add(member);
  return sketch;
}

/** Cells of `sessions` (or `events`) by value; every other count is twice as large. */
function cellsOf(changes: Iterable<readonly [string, number]>): RollupCells {
  const cells: RollupCells = new Map();
  for (const [value, change] of changes) {
    const counts = {
      events: 2 * change,
      pageviews: 2 * change,
      sessions: change,
      bounces: 0,
      duration_ms: 0,
    };
    cells.set(value, { counts, sets: change > 0 ? { anonymous: sketchOf(change) } : {} });
  }
  return cells;
}

/** Checks the bounds of a row against the true counts. */
function expectBounds(
  dimension: Dimension,
  row: Packed,
  truth: ReadonlyMap<string, number>,
  least = 1,
): void {
  const lead = leadOf(dimension);
  const scale = lead === "events" ? 2 : 1;
  const total = [...truth.values()].reduce((sum, n) => sum + n, 0) * scale;
  expect(row.counts[lead]!.reduce((sum, n) => sum + n, 0)).toBe(total);
  for (const [i, value] of row.values.entries()) {
    if (value === OTHER) continue;
    const own = row.counts[lead]![i]!;
    const exact = (truth.get(value!) ?? 0) * scale;
    expect(own).toBeGreaterThanOrEqual(0);
    expect(own).toBeLessThanOrEqual(exact);
    expect(own + (row.tail?.errors[i] ?? 0)).toBeGreaterThanOrEqual(exact);
  }
  const { absent, errors } = row.tail!;
  for (const error of errors) expect(error).toBeLessThanOrEqual(absent);
  for (const [value, n] of truth)
    if (!row.values.includes(value)) expect(n * scale).toBeLessThanOrEqual(absent);
  expect(absent).toBeLessThanOrEqual((total / OPEN_VALUES) * least);
}

describe("an open row with more values than places", () => {
  it("has the most frequent value first, although 6,000 others came before", () => {
    const once = Array.from({ length: 6000 }, (_, i) => [`/once/${i}`, 1] as const);
    let row: Packed | null = null;
    for (let at = 0; at < once.length; at += 500)
      row = applyCells("event:path", row, cellsOf(once.slice(at, at + 500)));
    for (let i = 0; i < 10; i++) row = applyCells("event:path", row, cellsOf([["/popular", 500]]));
    const { values, counts } = sealPacked("event:path", row!);
    expect([values[0], counts.events![0]]).toEqual(["/popular", 10_000]);
    expectBounds("event:path", row!, new Map([...once, ["/popular", 5000]]));
  });

  it("counts every line within its bound, whatever the order", () => {
    const next = random(7);
    const truth = new Map<string, number>();
    let row: Packed | null = null;
    for (let batch = 0; batch < 12; batch++) {
      const changes = new Map<string, number>();
      for (let n = 0; n < 2000; n++) {
        const value = `/${Math.floor(20_000 * next() ** 3)}`;
        changes.set(value, (changes.get(value) ?? 0) + 1);
      }
      for (const [value, n] of changes) truth.set(value, (truth.get(value) ?? 0) + n);
      row = applyCells("event:path", row, cellsOf(changes));
    }
    expectBounds("event:path", row!, truth);
    const first = [...truth].sort(([a, n], [b, m]) => m - n || compareValues(a, b)).slice(0, 10);
    expect(sealPacked("event:path", row!).values.slice(0, 10)).toEqual(first.map(([value]) => value));
  });

  it("stays within the bounds and above zero while sessions move from page to page", () => {
    const next = random(11);
    const truth = new Map<string, number>();
    const last: string[] = [];
    let row: Packed | null = null;
    for (let batch = 0; batch < 12; batch++) {
      const changes = new Map<string, number>();
      const add = (value: string, n: number) => changes.set(value, (changes.get(value) ?? 0) + n);
      for (let n = 0; n < 2000; n++) {
        const session = next() < 0.5 ? last.length : Math.floor(next() * last.length);
        if (last[session] !== undefined) add(last[session], -1);
        last[session] = `/${Math.floor(15_000 * next() ** 2)}`;
        add(last[session], 1);
      }
      for (const [value, n] of changes) truth.set(value, (truth.get(value) ?? 0) + n);
      row = applyCells("visit:exit", row, cellsOf(changes));
    }
    for (const measure of COUNTS) expect(Math.min(...row!.counts[measure]!)).toBeGreaterThanOrEqual(0);
    // Sessions that left count toward the bound.
    expectBounds("visit:exit", row!, truth, 2);
  });

  it("is not changed by being stored", () => {
    const row = applyCells(
      "event:path",
      null,
      cellsOf(Array.from({ length: 5100 }, (_, i) => [`/${i}`, 1 + (i % 3)])),
    );
    const after = applyCells("event:path", row, cellsOf([["/new", 3]]));
    expect(after.tail?.errors.some((error) => error > 0)).toBe(true);
    expect(decodePacked("event:path", encodePacked("event:path", after))).toEqual(after);
  });
});

describe("a sealed row", () => {
  const many = cellsOf(Array.from({ length: 400 }, (_, i) => [`/${i}`, 400 - i]));

  it("is exact when all values had a place", () => {
    const open = applyCells("event:path", null, many);
    const sealed = sealPacked("event:path", open);
    expect(isSealedExactly("event:path", open, sealed)).toBe(true);
    expect(sealed.tail).toEqual({ errors: new Array(SEALED_VALUES + 1).fill(0), absent: 2 * 150 });
  });

  it("is not when another value may have been more frequent", () => {
    const open = applyCells(
      "event:path",
      null,
      cellsOf(Array.from({ length: 6000 }, (_, i) => [`/${i}`, 1])),
    );
    expect(isSealedExactly("event:path", open, sealPacked("event:path", open))).toBe(false);
  });

  it("has its bounds in the lake as well", () => {
    const packed = sealPacked("event:path", applyCells("event:path", null, many));
    const counted: Packed = {
      ...packed,
      sets: { anonymous: packed.sets.anonymous!, identified: packed.values.map(() => "") },
    };
    const body = encodePacked("event:path", counted);
    const row = { grain: "day", dimension: "event:path", bucket: 0, sealed: true, body } as const;
    expect(fromSealedRows(toSealedRows({ project: "p", generation: 0, epoch: 1 }, row))).toEqual([row]);
  });
});
