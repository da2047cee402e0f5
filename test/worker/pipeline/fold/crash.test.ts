import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import type { EventRow } from "../../../../schema/wire/row";
import type { Stores } from "../../../../worker/lib/stores";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, merge, rebuild, seal } from "../../../../worker/pipeline/fold";
import { IdCache } from "../../../../worker/pipeline/fold/id-cache";
import { OpenCache } from "../../../../worker/pipeline/fold/open-cache";
import { liveSegments, readRows } from "../../../../worker/pipeline/lake";
import { commit } from "../../../../worker/pipeline/queue";
import { type Failure, failingStores } from "../../../support/failing-storage";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const plain: Stores = { db: env.SHARD_0, lake: LAKE };

/**
 * Eight deliveries, as many as a merge needs, of two projects: new, late, repeated and dropped events, one delivery
 * twice.
 */
function deliveries(projects: readonly string[]) {
  return Array.from({ length: 8 }, (_, i) =>
    projects.map((project) => {
      const row = (id: string, ageMs: number, given: Partial<EventRow> = {}, of = i) =>
        makeRow({
          project_id: project,
          event_id: `${of}${id}`,
          timestamp: NOW - ageMs,
          visitor_id: `v${of % 3}`,
          ...given,
        });
      const late = (of: number) => row("c", 30 * HOUR_MS + of * MINUTE_MS, { path: "/late" }, of);
      const repeated = [row("a", (60 - 1) * MINUTE_MS, {}, 1), late(1)];
      const rows = [
        ...(i === 3 || i === 6 ? repeated : []),
        row("a", (60 - i) * MINUTE_MS),
        row("b", (60 - i) * MINUTE_MS, {
          event_name: "click",
          distinct_id: `person-${i % 2}`,
          visitor_id: `person-${i % 2}`,
        }),
        late(i),
        row("d", MINUTE_MS, { drop_reason: "bot" }),
      ];
      return messageOf(`m${i}`, rows, NOW);
    }),
  );
}

/** The whole work of the pipeline, each step repeated until it succeeds, as by the queue and the alarm. */
async function work(plain: Stores, projects: readonly string[]): Promise<void> {
  const stores = { ...plain, open: new OpenCache(), ids: new IdCache() };
  const all = deliveries(projects);
  for (const messages of all.slice(0, 5)) await again(() => commit(stores, messages, NOW));
  await again(() => foldAll(stores, 0, NOW));
  for (const messages of [...all.slice(5), all[3] ?? []]) await again(() => commit(stores, messages, NOW));
  const { until } = await again(() => foldAll(stores, 0, NOW));
  await again(() => deriveMarked(stores, NOW));
  await again(() => merge(stores, until, NOW));
  await again(() => seal(stores, NOW + 2 * DAY_MS));
  for (const project of projects) {
    await again(() => rebuild(stores.db, project, { from: 0, to: NOW + HOUR_MS }, NOW + 2 * DAY_MS));
  }
  await again(() => deriveMarked(stores, NOW + 2 * DAY_MS));
}

async function again<T>(step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch {
    return await step();
  }
}

async function outcome(project: string) {
  const { rollups, open } = await derivedState(project);
  const ids: string[] = [];
  const sessions: string[] = [];
  const [derived, drops] = await env.SHARD_0.batch([
    env.SHARD_0.prepare("SELECT day, epoch FROM derived_days WHERE project = ?1").bind(project),
    env.SHARD_0.prepare("SELECT reason, count FROM drops WHERE project = ?1").bind(project),
  ]);
  const epochs = new Map(
    ((derived?.results ?? []) as { day: number; epoch: number }[]).map((d) => [d.day, d.epoch]),
  );
  for (const segment of await liveSegments(env.SHARD_0, "events", { project })) {
    for (const row of await readRows(LAKE, segment, { dataset: "events", project })) ids.push(row.event_id);
  }
  for (const segment of await liveSegments(env.SHARD_0, "sessions", { project })) {
    for (const row of await readRows(LAKE, segment, { dataset: "sessions", project })) {
      const day = Math.floor(row.started_at / DAY_MS) * DAY_MS;
      if (row.epoch >= (epochs.get(day) ?? 0))
        sessions.push(`${row.session_key} ${row.started_at} ${row.events}`);
    }
  }
  return { rollups, open, events: ids.sort(), sessions: sessions.sort(), drops: drops?.results };
}

async function run(name: string, failure: Failure) {
  const projects = [`${name}x`, `${name}y`];
  for (const project of projects) await addProject(project);
  const { stores, counter } = failingStores(plain.db, plain.lake, failure);
  await work(stores, projects);
  return { calls: counter.calls, outcomes: await Promise.all(projects.map(outcome)) };
}

/** Each case starts with empty storage, so that segments of another case are not merged with its own. */
async function empty(): Promise<void> {
  const { results } = await env.SHARD_0.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'd1_*'",
  ).all<{ name: string }>();
  await env.SHARD_0.batch(results.map(({ name }) => env.SHARD_0.prepare(`DELETE FROM ${name}`)));
}

describe("a storage call that fails", () => {
  for (const when of ["before", "after"] as const) {
    it(`${when} it was made changes no number, whichever call it is`, async () => {
      await empty();
      const { calls, outcomes } = await run("base", { at: 0, when });
      const [expected] = outcomes;
      expect(expected?.events).toHaveLength(24);
      expect(expected?.drops).toEqual([{ reason: "bot", count: 8 }]);
      expect(expected?.sessions.length).toBeGreaterThan(0);
      for (let at = 1; at <= calls; at += inject("failingCallStep")) {
        await empty();
        for (const result of (await run(`k${at}${when}`, { at, when })).outcomes) {
          expect(result, `call ${at} of ${calls}`).toEqual(expected);
        }
      }
    }, 480_000);
  }
});
