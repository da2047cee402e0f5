import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../../../worker/lib/time";
import { bodiesOf } from "../../../../worker/pipeline/fold/page-bodies";
import { changePages } from "../../../../worker/pipeline/fold/store";
import { startSession } from "../../../../worker/pipeline/rollup";
import { listSessions } from "../../../../worker/questions/query";
import { readProjectState } from "../../../../worker/questions/query/execute/snapshot-store";
import { isRefusal } from "../../../../worker/questions/query/parse/refusal";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const COUNT = 200_000;

it("lists sessions while 200,000 are open", async () => {
  const project = "many";
  await addProject(project);
  const startOf = (i: number) => NOW - 2 * HOUR_MS + Math.floor((i * 2 * HOUR_MS) / COUNT);
  for (let at = 0, page = 0; at < COUNT; at += 20_000) {
    const sessions = Array.from({ length: 20_000 }, (_, i) => {
      const event = makeRow({ project_id: project, event_id: `e${at + i}`, timestamp: startOf(at + i) });
      return startSession(event, `v${at + i}`);
    });
    const written = bodiesOf(sessions).map((body) => ({ page: page++, body }));
    await env.SHARD_0.batch(changePages(env.SHARD_0, [{ project, written, removed: [] }]));
  }
  const stores = { db: env.SHARD_0, lake: LAKE };
  const state = await readProjectState(env.SHARD_0, project, "UTC");
  const context = { project, timezone: "UTC", currency: "EUR", now: NOW };
  const range = { from: new Date(NOW - DAY_MS).toISOString(), to: new Date(NOW).toISOString() };
  const page = await listSessions(stores, context, state, { query: { range }, limit: 100 });
  if (isRefusal(page)) throw new Error(JSON.stringify(page));
  expect(page.rows.map(({ session_key }) => session_key)).toEqual(
    Array.from({ length: 100 }, (_, i) => `v${COUNT - 1 - i}`),
  );
  const next = await listSessions(stores, context, state, {
    query: { range },
    limit: 2,
    cursor: page.next_cursor ?? "",
  });
  expect(!isRefusal(next) && next.rows.map(({ session_key }) => session_key)).toEqual([
    `v${COUNT - 101}`,
    `v${COUNT - 102}`,
  ]);
}, 120_000);
