/**
 * Questions to a project's numbers: many in one request.
 * @module
 */
import type { Problem } from "../../../schema/wire/error";
import type { Query, Result } from "../../../schema/wire/query";
import { type Answer, answer, apiFetch } from "./http";

/** What a batch answers: each question by its name, answered or refused by itself. */
export interface BatchAnswer<Name extends string> {
  results: Record<Name, Result | Problem>;
}

/** Asks everything a page needs at once; reads that are the same are done once. */
export function askBatch<Name extends string>(
  project: string,
  queries: Record<Name, Query>,
): Promise<Answer<BatchAnswer<Name>>> {
  return answer<BatchAnswer<Name>>(
    apiFetch(`/api/v1/query/${encodeURIComponent(project)}/batch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ queries }),
    }),
  );
}
