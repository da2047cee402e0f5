/** What is too deep, long, wide or expensive is refused with its code, before anything is read where possible. */
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Filter } from "../../../../schema/wire/filter";
import type { Query } from "../../../../schema/wire/query";
import type { EventRow } from "../../../../schema/wire/row";
import { HOUR_MS } from "../../../../worker/lib/time";
import { PRECISION } from "../../../../worker/pipeline/rollup";
import { answer } from "../../../../worker/questions/query";
import { GROUP_BYTES, MAX_GROUPS, TABLE_BYTES } from "../../../../worker/questions/query/plan/limits";
import type { Subquery } from "../../../../worker/questions/query/plan/subquery";
import { AggregateTable } from "../../../../worker/questions/query/table/aggregate-table";
import { MemoryBudget, MemoryExceededError } from "../../../../worker/questions/query/table/distinct";
import { countingBucket } from "../../../support/counting-bucket";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { makeDataset } from "../../../support/query-data";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const context = { project: "limits", timezone: "UTC", currency: "EUR", now: NOW };
const stores = { db: env.SHARD_0, lake: LAKE };

const events = (given: Partial<Query>): Query => ({ dataset: "events", metrics: ["events"], ...given });
const ask = async (query: Query, of = stores) => (await answer(of, context, { query })).query;
const IS_HOME: Filter = { dimension: "event:path", op: "eq", value: "/" };

/** A filter with so many `not` around a condition. */
const nested = (depth: number): Filter => {
  let filter: Filter = IS_HOME;
  for (let i = 0; i < depth; i++) filter = { not: filter };
  return filter;
};

beforeAll(async () => {
  const rows = Array.from(
    { length: 300 },
    (_, i): EventRow =>
      makeRow({
        event_id: `e${i}`,
        timestamp: NOW - i * HOUR_MS,
        visitor_id: `v${i % 7}`,
        path: `/${i}`,
        properties: JSON.stringify({ order: `o${i}`, amount: i }),
      }),
  );
  await makeDataset("limits", rows, { now: NOW });
});

describe("depth", () => {
  it.each([20, 50, 3000, 100_000])("of %i nested `not` is refused", async (depth) => {
    expect(await ask(events({ filters: nested(depth) }))).toMatchObject({ code: "query_too_deep" });
  });

  it("of 19 is answered", async () => {
    expect(await ask(events({ filters: nested(19) }))).toHaveProperty("rows");
  });
});

describe("cells", () => {
  const wide = events({
    dimensions: ["event:path", "time:hour"],
    range: { from: "2025-04-20", to: "2026-03-20" },
    limit: 10_000,
  });

  it("of a breakdown by hours of eleven months are refused", async () => {
    expect(await ask(wide)).toMatchObject({ code: "too_many_cells", errors: [{ path: "limit" }] });
  });

  it("within the limit are returned", async () => {
    expect(await ask({ ...wide, limit: 4 })).toHaveProperty("rows");
  });

  it("of a batch are counted together", async () => {
    const names = Array.from({ length: 12 }, (_, i) => [`${i}`, { ...wide, limit: 4 }]);
    const found = Object.values(await answer(stores, context, Object.fromEntries(names)));
    const refused = found.filter((one) => "code" in one);
    expect(found.length - refused.length).toBe(3);
    expect(refused[0]).toMatchObject({ code: "too_many_cells" });
  });
});

describe("cost", () => {
  const measures = Array.from({ length: 20 }, (_, i) => `m${i}`);
  const filtered = Object.fromEntries(
    measures.map((name, i) => [
      name,
      {
        kind: "aggregate" as const,
        dataset: "events",
        aggregation: "unique" as const,
        field: "visitor",
        filters: { dimension: "event:path", op: "neq" as const, value: `/${i}` },
      },
    ]),
  );
  const page = Array.from({ length: 50 }, (_, i): [string, Query] => [
    `q${i}`,
    {
      metrics: measures.map((name) => `metric:${name}`),
      define: filtered,
      range: "7d",
      filters: { dimension: "property:order", op: "neq", value: `o${i}` },
    },
  ]);

  it("counts every filtered measure of every query", async () => {
    const { bucket, counts } = countingBucket(LAKE);
    const [name, one] = page[0]!;
    const budget = { rows: 5_000_000, bytes: 100_000 };
    const found = await answer({ ...stores, lake: bucket }, context, { [name]: one }, { budget });
    expect(found[name]).toMatchObject({ code: "budget_exceeded" });
    expect(counts.gets).toBe(0);
    expect(await ask(one)).toHaveProperty("rows");
  });

  it("of a page is that of all its queries", async () => {
    const budget = { rows: 5_000_000, bytes: 800_000 };
    const found = Object.values(await answer(stores, context, Object.fromEntries(page), { budget }));
    const refused = found.filter((one) => "code" in one);
    expect(refused.length).toBeGreaterThan(40);
    expect(refused.length).toBeLessThan(50);
  });
});

describe("memory", () => {
  const subquery = (measures: string[]): Subquery => ({
    dataset: "events",
    measures,
    dimensions: ["property:order"],
    grain: null,
    zone: "UTC",
    from: 0,
    to: NOW,
    filter: null,
  });
  const filled = (measures: string[], lines: number) => {
    const memory = new MemoryBudget();
    const table = new AggregateTable(subquery(measures), PRECISION.coarse, memory);
    for (let i = 0; i < lines; i++) {
      for (const [m, cell] of table.group(0, [`order-${i}`]).cells.entries()) {
        if (typeof cell === "number") table.group(0, [`order-${i}`]).cells[m] = cell + 1;
        else cell.add(i);
      }
    }
    return { table, memory };
  };

  it("of a breakdown by a unique property is bounded: the rest is `(other)`", () => {
    const { table, memory } = filled(["events"], 120_000);
    expect(table.series.size).toBe(MAX_GROUPS + 1);
    expect(table.series.get("(other)")?.groups.get(0)?.cells).toEqual([120_000 - MAX_GROUPS]);
    expect(table).toMatchObject({ isFolded: true, approximate: true });
    expect(memory.used).toBeLessThan(GROUP_BYTES);
  });

  it("of medians by a unique property is bounded", () => {
    const medians = Array.from({ length: 20 }, (_, i) => `median(property:amount${i})`);
    const { table, memory } = filled(medians, 60_000);
    expect(memory.used).toBeLessThan(TABLE_BYTES);
    expect(table.isFolded).toBe(true);
    const counted = table.series.get("(other)")!.groups.get(0)!.cells[0];
    expect(counted).toMatchObject({ approximate: true });
  });

  it("that sketches exceed too is refused", () => {
    const budget = new MemoryBudget();
    expect(() => budget.take(TABLE_BYTES + 1)).toThrow(MemoryExceededError);
  });

  it("of a breakdown is reported as folded, with `(other)` last and outside the limit", async () => {
    const found = await ask(events({ dimensions: ["property:order"], range: "30d", limit: 3 }));
    expect(found).toMatchObject({
      rows: [
        [expect.any(String), 1],
        [expect.any(String), 1],
        [expect.any(String), 1],
      ],
    });
    expect("meta" in found && found.meta.folded).toBeUndefined();
  });
});
