/**
 * Questions to a project's numbers: many in one request.
 * @module
 */
import { hc } from "hono/client";
import type { Problem } from "../../../schema/wire/error";
import type { Query, QueryResult } from "../../../schema/wire/query";
import type { analyticsRoutes } from "../../../worker/api/routes/analytics";
import { type Answer, answer, apiFetch } from "./http";

const api = hc<typeof analyticsRoutes>("/api/v1", { fetch: apiFetch }).query[":project"];

/** Asks everything a page needs at once; reads that are the same are done once. Each name gets its answer or problem. */
export async function askBatch<Name extends string>(
  project: string,
  queries: Record<Name, Query>,
): Promise<Answer<Record<Name, QueryResult | Problem>>> {
  const batch = await answer(api.batch.$post({ param: { project }, json: { queries } }));
  if (!batch.ok) return batch;
  const results = {} as Record<Name, QueryResult | Problem>;
  for (const name of Object.keys(queries) as Name[]) {
    const result = batch.data.results[name];
    if (!result) throw new Error(`The batch left out the answer to ${name}`);
    results[name] = result;
  }
  return { ok: true, data: results };
}
