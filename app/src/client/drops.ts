/**
 * What was kept out of a project's numbers, by reason.
 * @module
 */
import { query } from "@solidjs/router";
import { answer, apiFetch, orSignIn } from "./http";

/** Drops of the last 30 days. */
export const drops = query(
  async (project: string) =>
    orSignIn(await answer<DropList>(apiFetch(`/api/v1/projects/${encodeURIComponent(project)}/drops`))),
  "drops",
);
interface DropList {
  data: { reason: string; count: number; stored: number }[];
}
