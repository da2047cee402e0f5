import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import { DAY_MS, HOUR_MS } from "../../../../worker/lib/time";
import {
  type Dimension,
  encodePacked,
  hashOf,
  OTHER,
  type Packed,
  PRECISION,
  precisionOf,
  type RollupRow,
  Sketch,
  writeRows,
} from "../../../../worker/pipeline/rollup";
import { answer, isRefusal, type Refusal } from "../../../../worker/questions/query";
import { aggregateRollups } from "../../../../worker/questions/query/execute/rollup/aggregate";
import { parse } from "../../../../worker/questions/query/parse";
import { subqueriesOf } from "../../../../worker/questions/query/plan/subquery";
import { planSubquery } from "../../../../worker/questions/query/plan/subquery-plan";
import { numberOf } from "../../../../worker/questions/query/table/aggregate-table";
import { LAKE } from "../../../support/lake";
import { addProject } from "../../../support/pipeline";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const TODAY = Date.parse("2026-03-20T00:00:00Z");

function row(
  grain: "hour" | "day",
  dimension: Dimension,
  bucket: number,
  packed: Packed,
  sealed = false,
): RollupRow {
  return { grain, dimension, bucket, sealed, body: encodePacked(dimension, packed) };
}

const members = (dimension: Dimension, ...names: string[]) => {
  const sketch = new Sketch(precisionOf(dimension));
  for (const name of names) sketch.add(hashOf(name));
  return sketch.encode();
};

function run(query: Query, rows: RollupRow[]) {
  const question = parse(query, { project: "p", timezone: "UTC", currency: "EUR", now: NOW });
  if (isRefusal(question)) throw new Error(question.detail);
  const found = planSubquery(subqueriesOf(question, question.parts[0]!).rows, { zone: "UTC", now: NOW });
  if (isRefusal(found)) throw new Error(found.detail);
  if (found.store === "lake") throw new Error(found.why);
  const { table, gaps } = aggregateRollups(found, rows, "UTC");
  const groups = table && [...table.groups()].map(({ values, cells }) => [...values, ...cells.map(numberOf)]);
  return { groups, gaps };
}

describe("distinct counts over buckets", () => {
  const total = (
    bucket: number,
    anonymous: string | number,
    identified: string,
    grain: "hour" | "day" = "day",
  ) =>
    row(grain, "", bucket, {
      values: [null],
      counts: { events: [1] },
      sets: { anonymous: [anonymous], identified: [identified], users: [""] },
    });
  const visitors: Query = { dataset: "events", metrics: ["visitors"], range: "7d" };

  it("anonymous visitors of different days add up, identified ones unite", () => {
    const rows = [
      total(TODAY, members("", "a", "b"), members("", "ada", "bob")),
      total(TODAY - DAY_MS, 3, members("", "bob", "cyd")),
    ];
    expect(run(visitors, rows)).toEqual({ groups: [[2 + 3 + 3]], gaps: [] });
  });

  it("hours of one day unite while they have their members", () => {
    const rows = [
      total(TODAY - 2 * HOUR_MS, members("", "a", "b"), "", "hour"),
      total(TODAY - HOUR_MS, members("", "b", "c"), "", "hour"),
      total(TODAY, members("", "a"), ""),
    ];
    expect(run({ ...visitors, range: "24h" }, rows)).toEqual({ groups: [[3 + 1]], gaps: [] });
  });

  it("sealed hours of one day are a gap only for the measure that needs them", () => {
    const rows = [total(TODAY - 2 * HOUR_MS, 2, "", "hour"), total(TODAY - HOUR_MS, 2, "", "hour")];
    expect(run({ ...visitors, metrics: ["events", "visitors"], range: "24h" }, rows)).toEqual({
      groups: [[2, 0]],
      gaps: [{ from: TODAY - 8 * HOUR_MS, to: TODAY, measures: ["visitors"] }],
    });
    expect(run({ ...visitors, granularity: "hour", range: "24h" }, rows).gaps).toEqual([]);
  });

  it("values added up: numbers of sealed days are a gap, sets unite", () => {
    const paths = (bucket: number, first: string | number, second: string | number) =>
      row("day", "event:path", bucket, {
        values: ["/blog/a", "/blog/b", "/"],
        counts: { events: [1, 1, 1], pageviews: [1, 1, 1] },
        sets: { anonymous: [first, second, "" as string], identified: ["", "", ""] },
      });
    const query: Query = {
      ...visitors,
      filters: { dimension: "event:path", op: "starts_with", value: "/blog" },
    };
    const open = paths(TODAY, members("event:path", "a", "b"), members("event:path", "b"));
    expect(run(query, [open])).toEqual({ groups: [[2]], gaps: [] });
    expect(run(query, [open, paths(TODAY - DAY_MS, 5, 4)])).toEqual({
      groups: [[2]],
      gaps: [{ from: TODAY - DAY_MS, to: TODAY, measures: ["visitors"] }],
    });
  });

  it("devices share no anonymous visitors, so their numbers add up", () => {
    const devices = row("day", "visit:device", TODAY - DAY_MS, {
      values: ["desktop", "mobile", null],
      counts: { sessions: [4, 3, 1], events: [9, 8, 7] },
      sets: {
        anonymous: [3, 2, 1],
        identified: [members("visit:device", "ada"), members("visit:device", "ada"), ""],
      },
    });
    const query: Query = { dataset: "sessions", metrics: ["visitors", "events"], range: "7d" };
    expect(run(query, [devices])).toEqual({ groups: [[24, 7]], gaps: [] });
  });
});

describe("the tail of a bucket", () => {
  const paths = row("day", "event:path", TODAY - DAY_MS, {
    values: ["/", "/pricing", OTHER],
    counts: { events: [5, 3, 90], pageviews: [5, 3, 90] },
    sets: { anonymous: [5, 3, 60], identified: ["", "", ""] },
  });
  const query: Query = { dataset: "events", metrics: ["events"], range: "7d" };

  it("is a line of a breakdown", () => {
    expect(run({ ...query, dimensions: ["event:path"] }, [paths]).groups).toEqual([
      ["/", 5],
      ["/pricing", 3],
      [OTHER, 90],
    ]);
  });

  it.each<[Query["filters"], boolean]>([
    [{ dimension: "event:path", op: "eq", value: "/pricing" }, true],
    [{ dimension: "event:path", op: "in", value: ["/", "/pricing"] }, true],
    [{ dimension: "event:path", op: "eq", value: "/rare" }, false],
    [{ dimension: "event:path", op: "in", value: ["/", "/rare"] }, false],
    [{ dimension: "event:path", op: "contains", value: "pri" }, false],
    [{ dimension: "event:path", op: "eq", value: OTHER }, false],
  ])("%j can be answered from it: %s", (filters, can) => {
    expect(run({ ...query, filters }, [paths]).groups !== null).toBe(can);
  });
});

describe("estimates", () => {
  beforeAll(async () => {
    await addProject("large");
    const many = new Sketch(PRECISION.fine);
    for (let i = 0; i < 20_000; i++) many.add(hashOf(`person ${i}`));
    const rows = [0, 1, 2].map((day) =>
      row("day", "", TODAY - day * DAY_MS, {
        values: [null],
        counts: { events: [20_000] },
        sets: { anonymous: [day ? 9 : ""], identified: [day < 2 ? many.encode() : ""], users: [""] },
      }),
    );
    await env.SHARD_0.batch(writeRows(env.SHARD_0, [{ project: "large", rows }]));
  });

  const ask = async (query: Query): Promise<QueryResult | Refusal> =>
    (
      await answer(
        { db: env.SHARD_0, lake: LAKE },
        { project: "large", timezone: "UTC", currency: "EUR", now: NOW },
        { query },
      )
    ).query;

  it("are marked, and within the error of the sketch", async () => {
    const found = await ask({ dataset: "events", metrics: ["visitors"], range: "7d" });
    if ("code" in found) throw new Error(found.detail);
    const visitors = Number(found.rows[0]?.[0]) - 18;
    expect(Math.abs(visitors - 20_000) / 20_000).toBeLessThan(0.03);
    expect(found.meta.approximate).toBe(true);
  });

  it("are not marked where everything is exact", async () => {
    const found = await ask({ dataset: "events", metrics: ["events"], range: "7d", granularity: "day" });
    expect(found).toMatchObject({
      meta: { approximate: false, source: "rollup", rows_scanned: 3 },
    });
  });
});
