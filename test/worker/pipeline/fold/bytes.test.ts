/** Rows stay within D1's 2 MB whatever events contain; counts stay exact, and the tail is in `(other)`. */
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import type { EventRow } from "../../../../schema/wire/row";
import { D1_LIMITS } from "../../../../worker/lib/platform-limits";
import { DAY_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { deriveMarked, foldAll, rebuild } from "../../../../worker/pipeline/fold";
import { commit } from "../../../../worker/pipeline/queue";
import { type Dimension, decodePacked, findKeys, OTHER, readOwn } from "../../../../worker/pipeline/rollup";
import { LAKE } from "../../../support/lake";
import { largestRows } from "../../../support/limits";
import { makeRow } from "../../../support/make-row";
import { addProject, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const DAY = Date.parse("2026-11-20T00:00:00Z");
const stores = { db: env.SHARD_0, lake: LAKE };
/** Quotes and control characters are longer as JSON. */
const LONG = `${'"\\'.repeat(100)}${"\u0001".repeat(100)}${"é".repeat(600)}`;

async function send(
  project: string,
  messages: number,
  events: number,
  rowOf: (i: number) => Partial<EventRow>,
) {
  await addProject(project);
  await commitRows(project, messages, events, rowOf);
}

async function commitRows(
  project: string,
  messages: number,
  events: number,
  rowOf: (i: number) => Partial<EventRow>,
  name = "",
) {
  for (let at = 0; at < messages; at++) {
    const rows = Array.from({ length: events }, (_, n) => {
      const i = at * events + n;
      return makeRow({
        project_id: project,
        event_id: `${name}${i}`,
        timestamp: NOW - MINUTE_MS,
        visitor_id: `v${i}`,
        ...rowOf(i),
      });
    });
    await commit(stores, [messageOf(`${name}m${at}`, rows, NOW)], NOW);
  }
}

async function dayOf(project: string, dimension: Dimension) {
  const key = { grain: "day", dimension, bucket: DAY } as const;
  const found = await findKeys(stores.db, [{ project, keys: [key] }]);
  const own = (await readOwn(stores.db, found)).get(project) ?? [];
  const rows = [...found.flatMap(({ shared }) => shared), ...own];
  return decodePacked(dimension, rows.find((row) => row.dimension === dimension)?.body ?? "");
}

const sum = (counts: readonly number[] = []) => counts.reduce((total, count) => total + count, 0);

async function expectFitting(): Promise<void> {
  for (const [table, bytes] of await largestRows(stores.db))
    expect(bytes, table).toBeLessThanOrEqual(D1_LIMITS.valueBytes);
}

it("ten requests of 500 paths of 1,000 characters, and one popular path", async () => {
  const path = (i: number) => (i % 10 === 0 ? "/popular" : `/${i}/${LONG}`);
  await send("paths", 25, 200, (i) => ({ path: path(i) }));
  const expectRight = async () => {
    const { values, counts } = await dayOf("paths", "event:path");
    expect(sum(counts.events)).toBe(5000);
    expect(counts.events?.[values.indexOf("/popular")]).toBe(500);
    expect(values).toContain(OTHER);
    const total = await dayOf("paths", "");
    expect(total.counts).toMatchObject({ events: [5000], sessions: [5000] });
    await expectFitting();
  };
  await foldAll(stores, 0, NOW);
  await expectRight();
  // Sessions go on: their entry and exit pages are subtracted from `(other)` and added again.
  await commit(
    stores,
    [
      messageOf(
        "more",
        Array.from({ length: 100 }, (_, i) =>
          makeRow({
            project_id: "paths",
            event_id: `more${i}`,
            timestamp: NOW,
            visitor_id: `v${i}`,
            path: `/next/${i}`,
          }),
        ),
        NOW,
      ),
    ],
    NOW,
  );
  await foldAll(stores, 0, NOW);
  const { counts } = await dayOf("paths", "visit:exit");
  expect(sum(counts.sessions)).toBe(5000);
  expect(Math.min(...(counts.sessions ?? []))).toBeGreaterThanOrEqual(0);
  await expectFitting();
}, 120_000);

it("large sites that are folded together are written in several transactions, each guarded by its sites", async () => {
  const sites = ["wide0", "wide1", "wide2", "wide3"];
  let transactions = 0;
  const db = new Proxy(stores.db, {
    get(target, name) {
      if (name === "batch") transactions++;
      const member = Reflect.get(target, name);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  for (const site of sites) await addProject(site);
  for (const round of [1, 2]) {
    for (const site of sites)
      await commitRows(site, 5, 100, (i) => ({ path: `/${round}/${i}/${LONG}` }), `${site}-${round}`);
    transactions = 0;
    // Without time, each call does one transaction.
    const isTimeUp = () => round === 2;
    let calls = 0;
    for (let more = true, until = 0; more; calls++)
      ({ more, until } = await foldAll({ ...stores, db }, until, NOW, isTimeUp));
    expect(transactions).toBeGreaterThanOrEqual(sites.length);
    if (round === 2) expect(calls).toBeGreaterThanOrEqual(sites.length);
    for (const site of sites) expect(sum((await dayOf(site, "event:path")).counts.events)).toBe(500 * round);
  }
  await expectFitting();
}, 120_000);

it("the most viewed paths are first after a rebuild, however many came before", async () => {
  await send("late", 14, 500, (i) => ({ path: i < 6000 ? `/once/${i}` : "/popular" }));
  await foldAll(stores, 0, NOW);
  await rebuild(stores.db, "late", { from: DAY, to: DAY + DAY_MS }, NOW);
  await deriveMarked(stores, NOW);
  const { values, counts } = await dayOf("late", "event:path");
  expect(counts.events?.[values.indexOf("/popular")]).toBe(1000);
  expect(sum(counts.events)).toBe(7000);
}, 120_000);

it("3,000 open sessions with long referrers", async () => {
  await send("referrers", 30, 100, (i) => ({
    referrer: `https://${i}.example/${LONG}`,
    path: `/${i}/${LONG}`,
  }));
  await foldAll(stores, 0, NOW);
  expect((await dayOf("referrers", "")).counts).toMatchObject({ sessions: [3000] });
  await expectFitting();
}, 120_000);
