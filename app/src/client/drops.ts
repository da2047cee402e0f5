/**
 * What was kept out of a project's numbers, by reason, and the way back in.
 * @module
 */
import { query } from "@solidjs/router";
import { hc } from "hono/client";
import type { dropRoutes } from "../../../worker/api/routes/drops";
import { type Answer, answer, apiFetch, orSignIn } from "./http";

const api = hc<typeof dropRoutes>("/api/v1", { fetch: apiFetch }).projects[":id"].drops;

/** Drops of the last 30 days, most frequent reason first. */
export const drops = query(
  async (id: string) => orSignIn(await answer(api.$get({ param: { id } }))),
  "drops",
);

/** A reason whose events are stored. */
export type StoredReason = Parameters<typeof api.restore.$post>[0]["json"]["reason"];

/** Takes back everything that is stored under a reason, page by page; answers how many events that was. */
export async function restoreDrops(id: string, reason: StoredReason): Promise<Answer<number>> {
  let restored = 0;
  for (;;) {
    const page = await answer(api.restore.$post({ param: { id }, json: { reason } }));
    if (!page.ok) return page;
    restored += page.data.restored;
    if (!page.data.more) return { ok: true, data: restored };
  }
}
