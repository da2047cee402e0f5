/** A fold that ends before it has folded every project. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, seal } from "../../../../worker/pipeline/fold";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const TOTAL = "day 2026-11-20T00:00:00.000Z  null";
const stores = { db: env.SHARD_0, lake: LAKE };
const names = Array.from({ length: 50 }, (_, i) => `turn-${String(i).padStart(2, "0")}`);
let sent = 0;

async function send(projects: readonly string[], ageMs = MINUTE_MS): Promise<void> {
  const messages = projects.map((project_id) => {
    const event_id = `e${sent++}`;
    return messageOf(event_id, [makeRow({ project_id, event_id, timestamp: NOW - ageMs })], NOW);
  });
  await commit(stores, messages, NOW);
}

const eventsOf = async (project: string) =>
  ((await derivedState(project)).rollups[TOTAL] as { events: number } | undefined)?.events ?? 0;

it("continues with the projects that wait, whatever the others send meanwhile", async () => {
  for (const project of names) await addProject(project);
  await send(names);
  // Each call folds one group of projects.
  const isTimeUp = () => true;
  let until = 0;
  for (let calls = 0; calls < 3; calls++) {
    await send(names.slice(0, 20));
    ({ until } = await foldAll(stores, until, NOW, isTimeUp));
  }
  for (const project of names.slice(20)) expect(await eventsOf(project)).toBe(1);
  await foldAll(stores, until, NOW);
  for (const [i, project] of names.entries()) expect(await eventsOf(project)).toBe(i < 20 ? 4 : 1);
});

it("derives the days of those that have waited longest first", async () => {
  await send(names, 30 * HOUR_MS);
  await foldAll(stores, 0, NOW);
  await stores.db
    .prepare("UPDATE dirty_days SET since = ?1 WHERE project = ?2")
    .bind(NOW - 1, names[49])
    .run();
  const options = { dueOnly: true, isTimeUp: () => false };
  const derived = await deriveMarked(stores, NOW, options);
  expect(derived.size).toBe(40);
  expect(derived.has(names[49]!)).toBe(true);
  expect((await deriveMarked(stores, NOW, options)).size).toBe(10);
});

it("seals sessions of the projects after those that are done", async () => {
  const later = NOW + 2 * DAY_MS;
  const left = async () =>
    (await stores.db.prepare("SELECT count(DISTINCT project) AS n FROM open_sessions").first())?.n;
  const counts = [];
  let after: string | null = "";
  do {
    after = await seal(stores, later, after, () => true);
    counts.push(await left());
  } while (after !== null && counts.length < 100);
  expect(counts.slice(0, 3)).toEqual([30, 10, 0]);
  expect(after).toBeNull();
});
