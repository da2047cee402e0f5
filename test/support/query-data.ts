/**
 * Events of a project, committed and folded by the real code, for tests of queries.
 * @module
 */
import { env } from "cloudflare:workers";
import fc from "fast-check";
import type { EventRow } from "../../schema/wire/row";
import { deriveMarked, foldAll } from "../../worker/pipeline/fold";
import { commit } from "../../worker/pipeline/queue";
import { LAKE } from "./lake";
import { makeRow } from "./make-row";
import { addProject, messageOf } from "./pipeline";

const stores = { db: env.SHARD_0, lake: LAKE };
let batches = 0;

/** Commits and folds rows of one project, and derives the days that were late. */
export async function pushRows(rows: readonly EventRow[], now: number, perMessage = 40): Promise<void> {
  for (let i = 0; i < rows.length; i += perMessage) {
    const part = rows.slice(i, i + perMessage);
    await commit(stores, [messageOf(`batch-${++batches}`, part, now)], now);
  }
  await foldAll(stores, 0, now);
  await deriveMarked(stores, now);
}

/** A project with these rows. */
export async function makeDataset(
  project: string,
  rows: readonly EventRow[],
  { now, timezone = "UTC" }: { now: number; timezone?: string },
): Promise<void> {
  await addProject(project, timezone);
  await pushRows(
    rows.map((row) => ({ ...row, project_id: project })),
    now,
  );
}

/** Random rows within `[from, to)`; anonymous ids change with the UTC day, as with salts. */
export function rowsArbitrary(from: number, to: number, most: number): fc.Arbitrary<EventRow[]> {
  const one = fc.record({
    at: fc.integer({ min: 0, max: to - from - 1 }),
    who: fc.integer({ min: 0, max: 5 }),
    named: fc.boolean(),
    session: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
    name: fc.constantFrom("page_view", "page_view", "page_view", "signup", "$identify", "$engagement"),
    path: fc.constantFrom("/", "/pricing", "/docs", null),
    country: fc.constantFrom("DE", "FR", null),
    source: fc.constantFrom("Google", "Newsletter", null),
    plan: fc.constantFrom("free", "pro", null),
  });
  return fc.array(one, { minLength: 1, maxLength: most }).map((drafts) =>
    drafts.map(({ at, who, named, session, name, path, country, source, plan }, i) => {
      const timestamp = from + at;
      const person = named || name === "$identify" ? `person-${who}` : null;
      const properties = name === "$engagement" ? { engaged_ms: 12_000 } : plan && { plan };
      return makeRow({
        event_id: `e${i}`,
        timestamp,
        event_name: name,
        distinct_id: person,
        visitor_id: person ?? `anonymous-${who}-${Math.floor(timestamp / 86_400_000)}`,
        session_id: session === null ? null : `session-${who}-${session}`,
        path,
        country,
        source,
        channel: source ? "Organic search" : "Direct",
        properties: properties ? JSON.stringify(properties) : null,
      });
    }),
  );
}
