/** Which days are due and what is complete: worker/sources/engine/coverage. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addDays,
  type Covered,
  claimOf,
  cover,
  type Days,
  daysIn,
  dueDays,
  newestSlice,
  settledAt,
} from "../../worker/sources/engine/coverage.ts";

const noon = (day: string) => Date.parse(day) + 12 * 3_600_000;
const days = (given: Partial<Days> = {}): Days => ({
  since: "2026-08-01",
  today: "2026-10-30",
  restateDays: 28,
  startedAt: noon("2026-10-30"),
  ...given,
});

describe("dueDays", () => {
  it("starts with all days, newest first", () => {
    expect(dueDays([], days())).toEqual([{ from: "2026-08-01", to: "2026-10-30" }]);
  });

  it("contains gaps, and ranges that have not been read in this run", () => {
    const covered: Covered[] = [
      { from: "2026-08-03", to: "2026-08-10", read_at: noon("2026-10-29") },
      { from: "2026-08-12", to: "2026-10-29", read_at: noon("2026-10-29") },
    ];
    expect(dueDays(covered, days())).toEqual([
      { from: "2026-10-01", to: "2026-10-30" },
      { from: "2026-08-11", to: "2026-08-11" },
      { from: "2026-08-01", to: "2026-08-02" },
    ]);
  });

  it("reads days once more after they are final, however long no sync ran", () => {
    const covered: Covered[] = [{ from: "2026-05-01", to: "2026-07-10", read_at: noon("2026-07-10") }];
    const due = dueDays(covered, days({ since: "2026-05-01" }));
    expect(due).toEqual([{ from: "2026-06-12", to: "2026-10-30" }]);
  });

  it("is empty once everything has been read in the run", () => {
    const covered: Covered[] = [{ from: "2026-08-01", to: "2026-10-30", read_at: noon("2026-10-30") }];
    expect(dueDays(covered, days())).toEqual([]);
  });
});

describe("slices", () => {
  it("are cut from the newest day back", () => {
    expect(newestSlice({ from: "2026-10-01", to: "2026-10-30" }, 14)).toEqual({
      from: "2026-10-17",
      to: "2026-10-30",
    });
    expect(newestSlice({ from: "2026-10-29", to: "2026-10-30" }, 14)).toEqual({
      from: "2026-10-29",
      to: "2026-10-30",
    });
    expect(daysIn({ from: "2026-03-28", to: "2026-04-02" })).toBe(6);
  });
});

describe("claimOf", () => {
  const read_at = noon("2026-10-30");
  it("is null while a day is missing", () => {
    const covered = [{ from: "2026-08-02", to: "2026-10-30", read_at }];
    expect(claimOf(covered, "2026-08-01", 28)).toBeNull();
    const hole = [
      { from: "2026-08-01", to: "2026-08-10", read_at },
      { from: "2026-08-12", to: "2026-10-30", read_at },
    ];
    expect(claimOf(hole, "2026-08-01", 28)).toBeNull();
  });

  it("is as old as the oldest read of a day that can still change", () => {
    const covered = [
      { from: "2026-08-01", to: "2026-09-15", read_at: noon("2026-10-20") },
      { from: "2026-09-16", to: "2026-10-15", read_at: read_at - 1000 },
      { from: "2026-10-16", to: "2026-10-30", read_at },
    ];
    expect(claimOf(covered, "2026-08-01", 28)).toBe(read_at - 1000);
  });
});

/** The same as a table of days. */
type Table = Map<string, number>;
const tableOf = (covered: readonly Covered[]): Table => {
  const table: Table = new Map();
  for (const { from, to, read_at } of covered)
    for (let day = from; day <= to; day = addDays(day, 1)) table.set(day, read_at);
  return table;
};

describe("cover", () => {
  it("stores for every day what decides whether it is due, for any series of reads", () => {
    const reads = fc.array(fc.tuple(fc.nat(60), fc.nat(20), fc.nat(10)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(reads, (given) => {
        let covered: Covered[] = [];
        const table: Table = new Map();
        let now = noon("2026-08-01");
        for (const [start, length, wait] of given) {
          now += wait * 86_400_000;
          const from = addDays("2026-08-01", start);
          const read = { from, to: addDays(from, length), read_at: now };
          covered = cover(covered, read, 28);
          for (const [day, at] of tableOf([read])) table.set(day, at);
        }
        const rows = tableOf(covered);
        expect([...rows.keys()]).toEqual([...table.keys()].sort());
        for (const [day, at] of table) {
          const settled = settledAt(day, 28);
          expect(Math.min(rows.get(day) ?? 0, settled), day).toBe(Math.min(at, settled));
        }
        const overlaps = covered.filter(({ to }, i) => to >= (covered[i + 1]?.from ?? "9999"));
        expect(overlaps).toEqual([]);
      }),
    );
  });
});
