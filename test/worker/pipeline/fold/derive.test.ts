import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { foldAll } from "../../../../worker/pipeline/fold";
import { derive } from "../../../../worker/pipeline/fold/derive";
import type { DeriveLimits } from "../../../../worker/pipeline/fold/derived";
import { foldStates } from "../../../../worker/pipeline/fold/store";
import { liveSegments, readRows } from "../../../../worker/pipeline/lake";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

const stores = { db: env.SHARD_0, lake: LAKE };
const NOW = Date.parse("2026-11-20T15:20:00Z");
const DAY = Date.parse("2026-11-19T00:00:00Z");
const project = "passes";

/** Three days: hours of yesterday have every dimension, those of older days some. */
const range = { from: DAY - 72 * HOUR_MS, to: DAY + 24 * HOUR_MS };

function rows() {
  return Array.from({ length: 1200 }, (_, i) => {
    const session = Math.floor(i / 4);
    return makeRow({
      project_id: project,
      event_id: `e${i}`,
      timestamp:
        range.from + Math.floor(session / 3) * 57 * MINUTE_MS + (i % 4) * (session % 7) * 4 * MINUTE_MS,
      visitor_id: `v${session % 50}`,
      event_name: i % 9 === 0 ? "$engagement" : "page_view",
      path: `/page-${i % 97}`,
      source: session % 4 ? null : `news-${session % 11}`,
      city: `City ${session % 40}`,
      properties: '{"engaged_ms":12000}',
    });
  });
}

/** What a derivation within limits writes. */
async function derived(limits?: DeriveLimits) {
  const state = (await foldStates(env.SHARD_0, [project])).get(project)!;
  const outcome = await derive(stores, state, range, NOW, limits);
  const sessions: string[] = [];
  let segments = 0;
  for (const segment of await liveSegments(env.SHARD_0, "sessions", { project })) {
    const own = await readRows(LAKE, segment, { dataset: "sessions", project });
    const current = own.filter(({ epoch }) => epoch === state.epoch + 1);
    if (current.length) segments++;
    for (const s of current) sessions.push(`${s.session_key} ${s.started_at} ${s.events} ${s.engaged_ms}`);
  }
  const left = await env.SHARD_0.prepare("SELECT count(*) AS n FROM derived_rollups").first<{ n: number }>();
  return {
    state: { outcome, sessions: sessions.sort(), ...(await derivedState(project)) },
    segments,
    left: left?.n,
  };
}

it("writes the same whatever the memory: in one pass, or in passes whose rows and sessions are stored between", async () => {
  await addProject(project);
  const all = rows();
  for (let at = 0; at < all.length; at += 300)
    await commit(stores, [messageOf(`m${at}`, all.slice(at, at + 300), NOW)], NOW);
  await foldAll(stores, 0, NOW);
  const whole = await derived();
  expect(whole.state.outcome.events).toBe(1200);
  expect(whole.state.sessions.length).toBe(whole.state.outcome.sessions);
  for (const limits of [
    { cellBytes: 100_000, rowChars: 20_000, sessions: 20 },
    { cellBytes: 1, rowChars: 1, sessions: 1 },
  ]) {
    const parts = await derived(limits);
    expect(parts.state).toEqual(whole.state);
    expect(parts.segments).toBeGreaterThan(whole.segments);
    expect(parts.left).toBe(0);
  }
});
