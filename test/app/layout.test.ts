/** The layout of widgets: no overlaps, no gaps, and unaffected widgets stay in place. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  COLUMNS,
  fitted,
  freePlace,
  inReadingOrder,
  moved,
  nudged,
  overlaps,
  resized,
  settle,
  stepped,
} from "../../app/src/views/dashboards/layout";
import type { Place, WidgetKind } from "../../schema/wire/dashboard";

interface Box {
  id: string;
  kind: WidgetKind;
  place: Place;
}

const KINDS = ["number", "line", "table", "map", "text"] as const;
const place = fc.record({
  x: fc.integer({ min: 0, max: COLUMNS - 1 }),
  y: fc.integer({ min: 0, max: 40 }),
  w: fc.integer({ min: 1, max: COLUMNS }),
  h: fc.integer({ min: 1, max: 8 }),
});
const boxes = fc
  .array(fc.tuple(fc.constantFrom(...KINDS), place), { minLength: 1, maxLength: 14 })
  .map((list) => list.map(([kind, at], index): Box => ({ id: `w${index}`, kind, place: fitted(at, kind) })));
const settledBoxes = boxes.map((list) => settle(list));

function check(list: readonly Box[]): void {
  for (const [index, one] of list.entries()) {
    const { x, y, w, h } = one.place;
    expect(x >= 0 && y >= 0 && w >= 1 && h >= 1 && x + w <= COLUMNS, one.id).toBe(true);
    for (const other of list.slice(index + 1)) expect(overlaps(one.place, other.place)).toBe(false);
    const rests = y === 0 || list.some((other) => overlaps(other.place, { x, y: y - 1, w, h: 1 }));
    expect(rests, `${one.id} floats`).toBe(true);
  }
}
const sizes = (list: readonly Box[]) => list.map(({ id, place: { w, h } }) => ({ id, w, h }));
const at = (list: readonly Box[], id: string) => list.find((box) => box.id === id)!.place;

describe("a compact layout", () => {
  it("has no overlaps and no gaps, keeps sizes, and is idempotent", () => {
    fc.assert(
      fc.property(boxes, (list) => {
        const settled = settle(list);
        check(settled);
        expect(sizes(settled)).toEqual(sizes(list));
        expect(settle(settled)).toEqual(settled);
      }),
    );
  });

  it("does not depend on the order of the list", () => {
    fc.assert(
      fc.property(boxes, (list) => {
        const byId = (a: Box, b: Box) => (a.id < b.id ? -1 : 1);
        expect(settle([...list].reverse()).sort(byId)).toEqual(settle(list).sort(byId));
      }),
    );
  });
});

describe("moving", () => {
  it("keeps the layout valid for every target place", () => {
    fc.assert(
      fc.property(settledBoxes, fc.nat(), place, (list, pick, to) => {
        const { id, kind } = list[pick % list.length]!;
        const next = moved(list, id, to);
        check(next);
        const { x, w, h } = fitted(to, kind);
        expect(at(next, id)).toMatchObject({ x, w, h });
        const others = (all: readonly Box[]) => sizes(all.filter((box) => box.id !== id));
        expect(others(next)).toEqual(others(list));
      }),
    );
  });

  it("to the current place changes nothing", () => {
    fc.assert(
      fc.property(settledBoxes, fc.nat(), (list, pick) => {
        const box = list[pick % list.length]!;
        expect(moved(list, box.id, box.place)).toEqual(list);
        expect(resized(list, box.id, 0, 0)).toEqual(list);
      }),
    );
  });

  it("by arrow keys goes in the arrow's direction or not at all", () => {
    const steps = fc.constantFrom([-1, 0], [1, 0], [0, -1], [0, 1]);
    fc.assert(
      fc.property(settledBoxes, fc.nat(), steps, (list, pick, [dx = 0, dy = 0]) => {
        const { id, place: before } = list[pick % list.length]!;
        const next = nudged(list, id, dx, dy);
        check(next);
        const after = at(next, id);
        if (dx !== 0) expect(after.x).toBe(fitted({ ...before, x: before.x + dx }, "number").x);
        if (dy !== 0) expect(Math.sign(after.y - before.y)).toBeOneOf([0, dy]);
      }),
    );
  });

  it("down and up again restores a column", () => {
    const column: Box[] = [
      { id: "a", kind: "line", place: { x: 0, y: 0, w: 6, h: 4 } },
      { id: "b", kind: "number", place: { x: 0, y: 4, w: 6, h: 2 } },
      { id: "c", kind: "number", place: { x: 0, y: 6, w: 6, h: 2 } },
    ];
    const down = nudged(column, "a", 0, 1);
    expect([at(down, "b").y, at(down, "a").y, at(down, "c").y]).toEqual([0, 2, 6]);
    expect(nudged(down, "a", 0, -1)).toEqual(column);
    expect(nudged(column, "c", 0, 1)).toEqual(column);
  });

  it("sideways replaces a neighbor and pushes it down", () => {
    const row: Box[] = [
      { id: "a", kind: "number", place: { x: 0, y: 0, w: 3, h: 2 } },
      { id: "b", kind: "number", place: { x: 3, y: 0, w: 3, h: 2 } },
    ];
    const next = moved(row, "a", { x: 2, y: 0, w: 3, h: 2 });
    expect(at(next, "a")).toMatchObject({ x: 2, y: 0 });
    expect(at(next, "b")).toMatchObject({ x: 3, y: 2 });
  });
});

describe("on one column", () => {
  it("a step keeps the layout valid, and swaps with the neighbor in reading order if both have the same columns", () => {
    const step = fc.constantFrom<-1 | 1>(-1, 1);
    fc.assert(
      fc.property(settledBoxes, fc.nat(), step, (list, pick, by) => {
        check(stepped(list, list[pick % list.length]!.id, by));
      }),
    );
    const column = ["a", "b", "c"].map(
      (id, index): Box => ({ id, kind: "number", place: { x: 0, y: 2 * index, w: 3, h: 2 } }),
    );
    const read = (all: readonly Box[]) => inReadingOrder(all).map(({ id }) => id);
    expect(read(stepped(column, "c", -1))).toEqual(["a", "c", "b"]);
    expect(read(stepped(column, "a", 1))).toEqual(["b", "a", "c"]);
    expect(stepped(column, "a", -1)).toEqual(column);
  });
});

describe("adding", () => {
  it("finds a free place and moves no other widget", () => {
    fc.assert(
      fc.property(settledBoxes, fc.constantFrom(...KINDS), (list, kind) => {
        const next = settle([...list, { id: "new", kind, place: freePlace(list, kind) }]);
        check(next);
        expect(next.slice(0, -1)).toEqual(list);
        expect(next.at(-1)?.place).toEqual(freePlace(list, kind));
      }),
    );
  });

  it("orders from left to right, row by row", () => {
    fc.assert(
      fc.property(settledBoxes, (list) => {
        const read = inReadingOrder(list).map(({ place: { x, y } }) => y * COLUMNS + x);
        expect(read).toEqual([...read].sort((a, b) => a - b));
      }),
    );
  });
});
