/** Events with the same or similar `event_id`, whatever else differs: of each id and day one event counts. */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, inject, it } from "vitest";
import type { Message } from "../../../../schema/wire/message";
import type { EventRow } from "../../../../schema/wire/row";
import { bucketStart, DAY_MS, HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, merge, rebuild } from "../../../../worker/pipeline/fold";
import { IdCache } from "../../../../worker/pipeline/fold/id-cache";
import { OpenCache } from "../../../../worker/pipeline/fold/open-cache";
import { accept, importContext, NO_SENDER, requestKeyOf } from "../../../../worker/pipeline/ingest";
import { liveSegments, readRows } from "../../../../worker/pipeline/lake";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeProject } from "../../../support/make-event";
import { addProject, derivedState } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-02T15:20:00Z");
const stores = { db: env.SHARD_0, lake: LAKE };
let projects = 0;

function accepted(project: string, events: unknown[], isImport: boolean, now = NOW) {
  const sender = isImport ? null : NO_SENDER;
  const contextOf = importContext("secret", project, "UTC");
  const key = requestKeyOf({ header: null, batch_id: undefined, events, now });
  return accept({ events, key, sender, contextOf, project: makeProject({ id: project }), now });
}

async function lakeRows(project: string): Promise<EventRow[]> {
  const rows: EventRow[] = [];
  for (const segment of await liveSegments(stores.db, "events", { project }))
    rows.push(...(await readRows(stores.lake, segment, { dataset: "events", project })));
  return rows;
}

async function countOf(project: string): Promise<number> {
  const { rollups } = await derivedState(project);
  const days = Object.entries(rollups).filter(([name]) => /^day .* {2}null$/.test(name));
  return days.reduce((sum, [, cell]) => sum + ((cell as { events?: number }).events ?? 0), 0);
}

/** Ids that are different, although some part of a pipeline might take them for equal. */
const SIMILAR = [
  "1",
  "01",
  "1.0",
  "1e0",
  "true",
  "null",
  "__proto__",
  "constructor",
  "A",
  "a",
  "caf\u00e9",
  "cafe\u0301",
  "\u212b",
  "\u00c5",
  "a\u0000b",
  "a\u0000c",
  "a",
  "\ud83d\ude00",
  "x".repeat(64),
  `${"x".repeat(63)}y`,
];
const DISTINCT = new Set(SIMILAR).size;

describe.each(["one request", "many requests", "an import"])("similar ids in %s", (how) => {
  it.each(["on time", "late"])("are different, and count once when they are sent again %s", async (when) => {
    const project = `similar${projects++}`;
    await addProject(project);
    const timestamp = when === "late" ? NOW - 30 * HOUR_MS : NOW;
    const events = SIMILAR.map((event_id) => ({
      event: "visit",
      event_id,
      timestamp,
      distinct_id: event_id,
    }));
    const requests = how === "many requests" ? events.map((event) => [event]) : [events];
    for (let turn = 0; turn < 2; turn++) {
      for (const [i, request] of requests.entries()) {
        const { answer, messages } = accepted(
          project,
          [...request, { event: "other", timestamp }].slice(0, request.length + turn),
          how === "an import",
          NOW + turn + i,
        );
        expect(answer.rejected).toEqual([]);
        await commit(stores, messages, NOW);
      }
      await foldAll(stores, 0, NOW);
      await deriveMarked(stores, NOW);
    }
    expect(await countOf(project)).toBe(DISTINCT + requests.length);
    expect(await lakeRows(project)).toHaveLength(DISTINCT + requests.length);
  });
});

describe("ids that violate the contract", () => {
  it.each([
    ["x".repeat(1000), "too_long"],
    ["x".repeat(65), "too_long"],
    ["  ", "empty"],
    ["", "empty"],
    ["a\ud800", "invalid_format"],
    [7, "invalid_type"],
    [{}, "invalid_type"],
  ])("%j is rejected", (event_id, code) => {
    const { answer, messages } = accepted(
      "p",
      [
        { event: "a", event_id },
        { event: "b", event_id: "b" },
      ],
      false,
    );
    expect(answer).toMatchObject({ accepted: 1, rejected: [{ index: 0, code }] });
    expect(messages.flatMap(({ events }) => events)).toHaveLength(1);
  });

  it("null is none: each such event counts", async () => {
    await addProject("nulls");
    for (const isImport of [false, true])
      for (let i = 0; i < 3; i++) {
        const events = [{ event: "a", event_id: null }, { event: "a" }];
        await commit(stores, accepted("nulls", events, isImport, NOW + i).messages, NOW);
      }
    await foldAll(stores, 0, NOW);
    await deriveMarked(stores, NOW);
    expect(await countOf("nulls")).toBe(12);
  });
});

describe("copies that differ in time and content", () => {
  const copy = fc.record({
    id: fc.constantFrom("1", "01", "caf\u00e9", "cafe\u0301", "__proto__"),
    minutes: fc.oneof(fc.integer({ min: 0, max: 110 }), fc.integer({ min: 0, max: 60 * 60 })),
    who: fc.constantFrom(undefined, "ada", "bob"),
    name: fc.constantFrom("page_view", "click", "$engagement"),
  });
  const request = fc.record({
    copies: fc.array(copy, { minLength: 1, maxLength: 6 }),
    isImport: fc.boolean(),
    next: fc.constantFrom("hold", "nothing", "fold", "derive", "merge"),
  });

  it("leave one of each day and id, of a sender with a token if there is any, in the lake and in all numbers", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(request, { minLength: 1, maxLength: 10 }),
        // The clocks of New York change on November 1.
        fc.constantFrom("UTC", "America/New_York", "Asia/Kolkata"),
        async (requests, zone) => {
          const project = `copies${projects++}`;
          await addProject(project, zone);
          const caching = { ...stores, open: new OpenCache(), ids: new IdCache() };
          const expected = new Map<string, boolean>();
          let held: Message[] = [];
          for (const [i, { copies, isImport, next }] of requests.entries()) {
            const events = copies.map(({ id, minutes, who, name }, n) => {
              const timestamp = NOW - minutes * MINUTE_MS;
              const day = `${bucketStart(timestamp, "day", zone)} ${id}`;
              expected.set(day, isImport || (expected.get(day) ?? false));
              return {
                event: name,
                event_id: id,
                timestamp,
                distinct_id: who,
                page_url: `https://a.example/${i}-${n}`,
              };
            });
            held.push(...accepted(project, events, isImport, NOW + i).messages);
            if (next === "hold" && i < requests.length - 1) continue;
            await commit(stores, held, NOW);
            held = [];
            if (next === "nothing") continue;
            const { until } = await foldAll(caching, 0, NOW);
            if (next === "derive") await deriveMarked(caching, NOW);
            if (next === "merge") await merge(caching, until, NOW);
          }
          await foldAll(caching, 0, NOW);
          await deriveMarked(caching, NOW);
          await deriveMarked(caching, NOW);
          const rows = await lakeRows(project);
          const left = rows.map(({ timestamp, event_id, sender }) => [
            `${bucketStart(timestamp, "day", zone)} ${event_id}`,
            sender === "token",
          ]);
          expect(left.sort()).toEqual([...expected].sort());
          const counted = await derivedState(project);
          expect(await countOf(project)).toBe(rows.filter((row) => row.event_name !== "$engagement").length);
          await rebuild(stores.db, project, { from: 0, to: NOW + DAY_MS }, NOW);
          await deriveMarked(stores, NOW);
          expect(await derivedState(project)).toEqual(counted);
        },
      ),
      { numRuns: 2 * inject("foldRuns") },
    );
  }, 900_000);
});
