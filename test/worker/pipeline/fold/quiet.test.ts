/** What a quiet site costs: D1 bills per row written. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { EventRow } from "../../../../schema/wire/row";
import { DAY_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, seal } from "../../../../worker/pipeline/fold";
import { OpenCache } from "../../../../worker/pipeline/fold/open-cache";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
let written = 0;
const counting = new Proxy(env.SHARD_0, {
  get(db, name) {
    if (name !== "batch") {
      const member = Reflect.get(db, name, db);
      return typeof member === "function" ? member.bind(db) : member;
    }
    return async (statements: D1PreparedStatement[]) => {
      const results = await db.batch(statements);
      written += results.reduce((sum, { meta }) => sum + meta.rows_written, 0);
      return results;
    };
  },
});
const stores = { db: counting, lake: LAKE, open: new OpenCache() };

async function fold(project: string, id: number, row: Partial<EventRow>, now: number): Promise<number> {
  const event = makeRow({ project_id: project, event_id: `e${id}`, timestamp: now, ...row });
  await commit({ db: env.SHARD_0, lake: LAKE }, [messageOf(`m${id}`, [event], now)], now);
  written = 0;
  await foldAll(stores, 0, now);
  return written;
}

it("a fold of a quiet site writes at most 5 rows", async () => {
  await addProject("quiet");
  const counts: number[] = [];
  for (let i = 0; i < 60; i++) {
    const row = {
      visitor_id: `v${i >> 1}`,
      path: `/page/${i}`,
      source: ["Google", null, "News"][i % 3],
      referrer: "https://www.google.com/",
      country: ["DE", "US", "IN"][i % 3],
      utm_source: "newsletter",
      utm_campaign: `week-${i % 4}`,
    };
    counts.push(await fold("quiet", i, row, NOW + i * MINUTE_MS));
  }
  expect(Math.max(...counts)).toBeLessThanOrEqual(5);
  const { rollups } = await derivedState("quiet");
  expect(rollups["day 2026-11-20T00:00:00.000Z visit:country DE"]).toMatchObject({
    sessions: 10,
    events: 20,
  });
  expect(rollups["hour 2026-11-20T15:00:00.000Z event:path /page/3"]).toMatchObject({ events: 1 });
});

it("a late event of a quiet site writes at most 50 rows", async () => {
  await addProject("late");
  for (let i = 0; i < 10; i++)
    await fold("late", 100 + i, { visitor_id: `v${i}` }, NOW - DAY_MS + i * 40 * MINUTE_MS);
  await seal({ db: env.SHARD_0, lake: LAKE }, NOW);
  await fold("late", 200, { visitor_id: "v3", timestamp: NOW - DAY_MS }, NOW);
  written = 0;
  await deriveMarked(stores, NOW);
  expect(written).toBeLessThanOrEqual(50);
});
