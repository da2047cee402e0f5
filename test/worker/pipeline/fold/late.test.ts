import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll } from "../../../../worker/pipeline/fold";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");

/** The shard, counting rows written by its batches. */
function countingShard() {
  const counts = { rows: 0 };
  const db = new Proxy(env.SHARD_0, {
    get(target, name) {
      if (name !== "batch") return Reflect.get(target, name).bind(target);
      return async (statements: D1PreparedStatement[]) => {
        const results = await target.batch(statements);
        for (const { meta } of results) counts.rows += meta.rows_written;
        return results;
      };
    },
  });
  return { stores: { db, lake: LAKE }, counts };
}

const view = (project: string, id: string, timestamp: number) =>
  makeRow({ project_id: project, event_id: id, timestamp, visitor_id: `v${id}`, path: `/${id}` });

/** A site with a view each hour of four days, folded and derived. */
async function smallSite(project: string) {
  const { stores, counts } = countingShard();
  await addProject(project);
  const views = Array.from({ length: 96 }, (_, i) => view(project, `e${i}`, NOW - (i + 1) * HOUR_MS));
  await commit(stores, [messageOf("first", views, NOW)], NOW);
  await foldAll(stores, 0, NOW);
  await deriveMarked(stores, NOW);
  const arrive = async (id: string, timestamp: number, now: number) => {
    await commit(stores, [messageOf(id, [view(project, id, timestamp)], now)], now);
    await foldAll(stores, 0, now);
  };
  return { stores, counts, arrive };
}

const viewsOf = async (project: string, day: number): Promise<number> => {
  const { rollups } = await derivedState(project);
  const total = rollups[`day ${new Date(day).toISOString()}  null`] as { pageviews: number } | undefined;
  return total?.pageviews ?? 0;
};

describe("a late event", () => {
  const today = NOW - (NOW % DAY_MS);

  it("counts at once while its day is not sealed, and once after its day was derived", async () => {
    const { stores, arrive } = await smallSite("late0");
    expect(await viewsOf("late0", today)).toBe(15);
    await arrive("late", NOW - 10 * HOUR_MS, NOW);
    expect(await viewsOf("late0", today)).toBe(16);
    await deriveMarked(stores, NOW);
    expect(await viewsOf("late0", today)).toBe(16);
  });

  it("writes only the rows that it changes", async () => {
    const { stores, counts, arrive } = await smallSite("late1");
    counts.rows = 0;
    await arrive("late", NOW - 30 * HOUR_MS, NOW);
    await deriveMarked(stores, NOW);
    expect(await viewsOf("late1", today - DAY_MS)).toBe(25);
    expect(counts.rows).toBeLessThan(40);
  });

  it("waits longer each time that its day is derived, up to 15 minutes", async () => {
    const { stores, arrive } = await smallSite("late2");
    const waits: number[] = [];
    let now = NOW;
    for (let turn = 0; turn < 9; turn++) {
      await arrive(`late${turn}`, NOW - 30 * HOUR_MS, now);
      const start = now;
      while (!(await deriveMarked(stores, now, { dueOnly: true })).size) now += 10 * SECOND_MS;
      waits.push(now - start);
    }
    expect(waits.slice(1, 4)).toEqual([10 * SECOND_MS, 30 * SECOND_MS, 70 * SECOND_MS]);
    expect(waits.at(-1)).toBe(15 * MINUTE_MS);
  }, 60_000);
});
