import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventRow } from "../../../../schema/wire/row";
import { HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, rebuild } from "../../../../worker/pipeline/fold";
import { OpenCache } from "../../../../worker/pipeline/fold/open-cache";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, derivedState, messageOf } from "../../../support/pipeline";

/** The cache from fold to fold, as in the folder. */
const stores = { db: env.SHARD_0, lake: LAKE, open: new OpenCache() };
const NOW = Date.parse("2026-11-20T15:20:00Z");
let projects = 0;

/** Folds all commits and derives the marked days. */
async function settle(now: number): Promise<void> {
  await foldAll(stores, 0, now);
  await deriveMarked(stores, now);
}

async function rebuilt(project: string, now: number): Promise<Awaited<ReturnType<typeof derivedState>>> {
  await rebuild(env.SHARD_0, project, { from: 0, to: now + HOUR_MS }, now);
  await deriveMarked(stores, now);
  return derivedState(project);
}

describe("fold", () => {
  it("counts events, visitors, sessions and bounces into their own hour and day", async () => {
    await addProject("simple");
    const row = (id: string, minutes: number, given: Partial<EventRow> = {}) =>
      makeRow({
        project_id: "simple",
        event_id: id,
        timestamp: NOW - minutes * MINUTE_MS,
        visitor_id: "v1",
        ...given,
      });
    const rows = [
      row("a", 70, { source: "Google", channel: "Organic search", path: "/" }),
      row("b", 65, { path: "/pricing" }),
      row("c", 60, { event_name: "signup", distinct_id: "ada", visitor_id: "ada", session_id: "s" }),
      row("d", 20, { visitor_id: "v2", path: "/docs" }),
      row("e", 19, { visitor_id: "v2", event_name: "$engagement", properties: '{"engaged_ms":4000}' }),
    ];
    await commit(stores, [messageOf("1", rows, NOW)], NOW);
    await settle(NOW);
    const { rollups, open } = await derivedState("simple");
    expect(rollups["day 2026-11-20T00:00:00.000Z  null"]).toMatchObject({
      events: 4,
      pageviews: 3,
      sessions: 3,
      bounces: 1,
      duration_ms: 6 * MINUTE_MS,
    });
    expect(rollups["day 2026-11-20T00:00:00.000Z visit:source Google"]).toMatchObject({
      sessions: 1,
      pageviews: 2,
      events: 2,
    });
    expect(rollups["day 2026-11-20T00:00:00.000Z visit:exit /pricing"]).toMatchObject({ sessions: 1 });
    expect(rollups["hour 2026-11-20T15:00:00.000Z event:path /docs"]).toMatchObject({ events: 1 });
    expect(rollups["day 2026-11-20T00:00:00.000Z event:name $engagement"]).toBeUndefined();
    expect(open).toHaveLength(3);
  });

  it("continues a session of an earlier fold and subtracts its previous contribution", async () => {
    await addProject("goes-on");
    const row = (id: string, minutes: number, path: string) =>
      makeRow({
        project_id: "goes-on",
        event_id: id,
        timestamp: NOW - minutes * MINUTE_MS,
        visitor_id: "v",
        path,
      });
    await commit(stores, [messageOf("1", [row("a", 30, "/")], NOW)], NOW);
    await settle(NOW);
    expect((await derivedState("goes-on")).rollups["day 2026-11-20T00:00:00.000Z  null"]).toMatchObject({
      bounces: 1,
      sessions: 1,
    });
    await commit(stores, [messageOf("2", [row("b", 10, "/next")], NOW)], NOW);
    await settle(NOW);
    const { rollups } = await derivedState("goes-on");
    const total = rollups["day 2026-11-20T00:00:00.000Z  null"];
    expect(total).toMatchObject({ sessions: 1, duration_ms: 20 * MINUTE_MS });
    expect(total).not.toHaveProperty("bounces");
    expect(rollups["day 2026-11-20T00:00:00.000Z visit:exit /"]).toBeUndefined();
    expect(rollups["day 2026-11-20T00:00:00.000Z visit:exit /next"]).toMatchObject({ sessions: 1 });
  });

  it("equals a rebuild from the lake, whatever the batching, order and lateness", async () => {
    const visitor = fc.integer({ min: 0, max: 3 });
    const event = fc.record({
      minutes: fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 60 * 60 })),
      visitor,
      sent: fc.constantFrom("none", "session", "person"),
      name: fc.constantFrom("page_view", "page_view", "click", "$identify", "$engagement"),
      path: fc.constantFrom("/", "/a", "/b"),
      source: fc.constantFrom(null, "Google", "News"),
      message: fc.integer({ min: 0, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 1, maxLength: 40 }),
        fc.constantFrom("UTC", "Asia/Kolkata", "America/New_York"),
        fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
        async (events, zone, pauses) => {
          const project = `q${projects++}`;
          await addProject(project, zone);
          const rows = events.map((e, i) => {
            const distinct = e.sent === "person" || e.name === "$identify" ? `person-${e.visitor}` : null;
            return {
              message: e.message,
              row: makeRow({
                project_id: project,
                event_id: `e${i}`,
                timestamp: NOW - e.minutes * MINUTE_MS,
                event_name: e.name,
                distinct_id: distinct,
                visitor_id: distinct ?? `v${e.visitor}`,
                session_id: e.sent === "session" ? `s${e.visitor}` : null,
                path: e.path,
                source: e.source,
                properties: e.name === "$engagement" ? '{"engaged_ms":12000}' : null,
              }),
            };
          });
          for (let m = 0; m < 6; m++) {
            const own = rows.filter((r) => r.message === m).map((r) => r.row);
            if (own.length) await commit(stores, [messageOf(String(m), own, NOW)], NOW);
            if (pauses[m]) await settle(NOW);
          }
          await settle(NOW);
          const incremental = await derivedState(project);
          expect(incremental).toEqual(await rebuilt(project, NOW));
          const total = Object.entries(incremental.rollups).filter(([name]) => /^day .* {2}null$/.test(name));
          const counted = total.reduce(
            (sum, [, cell]) => sum + ((cell as { events?: number }).events ?? 0),
            0,
          );
          expect(counted).toBe(events.filter((e) => e.name !== "$engagement").length);
        },
      ),
      { numRuns: 40 },
    );
  }, 240_000);
});
