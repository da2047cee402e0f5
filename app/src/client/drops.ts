/**
 * Events that a project refused, by reason, and their restoration.
 * @module
 */
import { query } from "@solidjs/router";
import type { Json } from "./api";
import { type Answer, orSignIn } from "./http";
import { request } from "./request";

/** Drops of the last 30 days, most frequent reason first. */
export const drops = query(
  async (id: string) => orSignIn(await request("GET /projects/{id}/drops", { params: { id } })),
  "drops",
);

/** A reason whose events are stored. */
export type StoredReason = Json<"POST /projects/{id}/drops/restore">["reason"];

/** Restores all events stored under a reason, page by page; returns their number. */
export async function restoreDrops(id: string, reason: StoredReason): Promise<Answer<number>> {
  let restored = 0;
  for (;;) {
    const page = await request("POST /projects/{id}/drops/restore", { params: { id }, json: { reason } });
    if (!page.ok) return page;
    restored += page.data.restored;
    if (!page.data.more) return { ok: true, data: restored };
  }
}
