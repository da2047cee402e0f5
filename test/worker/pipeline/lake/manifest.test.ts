import { env } from "cloudflare:workers";
import { ulid } from "ulid";
import { beforeAll, expect, test } from "vitest";
import { addSegment, liveSegments, writeSegment } from "../../../../worker/pipeline/lake/index.ts";
import { LAKE } from "../../../support/lake";
import { makeRows } from "./make-rows.ts";

const HOUR = 3_600_000;
const hours = [0, 1, 2];
const ids = hours.map((hour) => ulid(hour + 1));

beforeAll(async () => {
  for (const hour of hours) {
    const projects = hour === 1 ? ["a"] : ["a", "odd.name"];
    const rows = makeRows({ count: 200, projects, seed: hour, start: hour * HOUR, spanMs: HOUR / 2 });
    const at = { id: ids[hour]!, level: 0, seq: hour + 1, now: 0 };
    await env.SHARD_0.batch([addSegment(env.SHARD_0, await writeSegment(LAKE, "events", rows, at))]);
  }
});

const list = async (filter: Parameters<typeof liveSegments>[2], dataset: "events" | "dropped" = "events") =>
  (await liveSegments(env.SHARD_0, dataset, filter)).map((segment) => ids.indexOf(segment.id));

test("segments come in order, pruned by project, time and commit", async () => {
  expect(await list({})).toEqual([0, 1, 2]);
  expect(await list({}, "dropped")).toEqual([]);
  expect(await list({ project: "a" })).toEqual([0, 1, 2]);
  expect(await list({ project: "odd.name" })).toEqual([0, 2]);
  expect(await list({ project: "nobody" })).toEqual([]);
  expect(await list({ from: HOUR })).toEqual([1, 2]);
  expect(await list({ to: HOUR - 5_000 })).toEqual([0]);
  expect(await list({ project: "a", from: 2 * HOUR, to: 3 * HOUR })).toEqual([2]);
  expect(await list({ afterSeq: 1, maxSeq: 2 })).toEqual([1]);
});

test("a segment listed for a project contains only that project", async () => {
  const [whole] = await liveSegments(env.SHARD_0, "events");
  const [own] = await liveSegments(env.SHARD_0, "events", { project: "a" });
  expect(Object.keys(whole!.projects)).toHaveLength(2);
  expect(own!.projects).toEqual({ a: whole!.projects.a });
  expect([own!.min_time, own!.max_time]).toEqual(whole!.projects.a!.slice(2));
  expect(own!.rows).toBe(200);
});

test("segments that are merged away are not scanned", async () => {
  const plan = await env.SHARD_0.prepare(
    "EXPLAIN QUERY PLAN SELECT id FROM segments WHERE dataset = 'events' AND dead_at IS NULL AND seq > 5",
  ).all<{ detail: string }>();
  expect(plan.results.map(({ detail }) => detail).join()).toContain("segments_live");
});
