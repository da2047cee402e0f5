import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../../worker/lib/time";
import { deleteProjectData, deriveMarked, foldAll, merge, seal } from "../../../../worker/pipeline/fold";
import { collectGarbage } from "../../../../worker/pipeline/fold/tidy";
import {
  DATASETS,
  type Dataset,
  liveSegments,
  readRows,
  segmentPath,
} from "../../../../worker/pipeline/lake";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const stores = { db: env.SHARD_0, lake: LAKE };
const NAMES = Object.keys(DATASETS) as Dataset[];

/** A delivery of both projects with an event on time, a late one, an identified and a dropped one. */
async function deliver(key: string, now: number): Promise<void> {
  const messages = ["gone", "stays"].map((project) => {
    const row = (id: string, ageMs: number, given = {}) =>
      makeRow({ project_id: project, event_id: `${key}${id}`, timestamp: now - ageMs, ...given });
    const rows = [
      row("a", HOUR_MS),
      row("b", 30 * HOUR_MS),
      row("c", 1, { event_name: "$identify", distinct_id: "someone" }),
      row("d", 1, { drop_reason: "bot" }),
    ];
    return messageOf(key, rows, now);
  });
  await commit(stores, messages, now);
}

/** Projects of all rows of the lake, by dataset, and whether the bucket has objects besides its live segments. */
async function lakeContents() {
  const rows: Record<string, string[]> = {};
  const paths = new Set<string>();
  for (const dataset of NAMES) {
    for (const segment of await liveSegments(env.SHARD_0, dataset)) {
      paths.add(segmentPath(dataset, segment.level, segment.id));
      const projects = (await readRows(LAKE, segment, { dataset })).map(({ project_id }) => project_id);
      rows[dataset] = [...new Set([...(rows[dataset] ?? []), ...projects])].sort();
    }
  }
  const { objects } = await LAKE.list();
  return { rows, others: objects.map(({ key }) => key).filter((key) => !paths.has(key)) };
}

/** Tables with a row that contains the text. */
async function tablesWith(text: string): Promise<string[]> {
  const { results } = await env.SHARD_0.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB '_cf_*' AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'd1_*'",
  ).all<{ name: string }>();
  const found: string[] = [];
  for (const { name } of results) {
    const rows = await env.SHARD_0.prepare(`SELECT * FROM ${name}`).all();
    if (JSON.stringify(rows.results).includes(text)) found.push(name);
  }
  return found;
}

it("a deleted project leaves nothing in the bucket and the tables", async () => {
  for (const project of ["gone", "stays"]) await addProject(project);
  for (let i = 0; i < 9; i++) await deliver(`m${i}`, NOW);
  const { until } = await foldAll(stores, 0, NOW);
  await deriveMarked(stores, NOW);
  await merge(stores, until, NOW);
  await seal(stores, NOW + 2 * DAY_MS);
  await deliver("unfolded", NOW);

  const deleted = NOW + 2 * DAY_MS;
  await deleteProjectData(env.SHARD_0, "gone", deleted);
  expect((await lakeContents()).rows.events).toEqual(["gone", "stays"]);
  await collectGarbage(stores, until, deleted);
  await collectGarbage(stores, until, deleted + 2 * HOUR_MS);
  const { rows, others } = await lakeContents();
  expect(rows).toEqual({ events: ["stays"], dropped: ["stays"], sessions: ["stays"] });
  expect(others).toEqual([]);
  expect((await tablesWith("gone")).filter((name) => !name.startsWith("applied"))).toEqual([
    "deleted_projects",
  ]);

  // The other project's rows of the delivery that was not folded are folded from the rewritten segment.
  const late = await foldAll(stores, until, deleted + 3 * HOUR_MS);
  expect(late.events).toBe(3);
  await collectGarbage(stores, late.until, deleted + 16 * DAY_MS);
  expect(await tablesWith("gone")).toEqual([]);
});

it("dropped events leave after 30 days, also those that were merged with later ones", async () => {
  await env.SHARD_0.prepare("DELETE FROM segments").run();
  for (let day = 0; day < 10; day++) await deliver(`day${day}`, NOW + day * DAY_MS);
  for (let i = 0; i < 8; i++) await deliver(`more${i}`, NOW + 20 * DAY_MS);
  const { until } = await foldAll(stores, 0, NOW + 20 * DAY_MS);
  await merge(stores, until, NOW + 20 * DAY_MS);
  const levels = (await liveSegments(env.SHARD_0, "dropped")).map(({ level }) => level);
  expect(levels.filter((level) => level > 0)).toEqual([1]);
  const now = NOW + 35 * DAY_MS;
  await collectGarbage(stores, until, now);
  for (const segment of await liveSegments(env.SHARD_0, "dropped")) {
    for (const row of await readRows(LAKE, segment, { dataset: "dropped" })) {
      expect(row.received_at).toBeGreaterThanOrEqual(now - 30 * DAY_MS);
    }
  }
});
