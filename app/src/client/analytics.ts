/**
 * Queries of a project's data, many in one request.
 * @module
 */
import type { Problem } from "../../../schema/wire/error";
import type { Query, QueryResult } from "../../../schema/wire/query";
import type { Answer } from "./http";
import { request } from "./request";

/** Runs all queries of a page in one request; equal reads run once. Returns a result or a problem for each name. */
export async function queryBatch<Name extends string>(
  project: string,
  queries: Record<Name, Query>,
): Promise<Answer<Record<Name, QueryResult | Problem>>> {
  const batch = await request("POST /query/{project}/batch", { params: { project }, json: { queries } });
  if (!batch.ok) return batch;
  const results = {} as Record<Name, QueryResult | Problem>;
  for (const name of Object.keys(queries) as Name[]) {
    const result = batch.data.results[name];
    if (!result) throw new Error(`The batch returned no result for ${name}`);
    results[name] = result;
  }
  return { ok: true, data: results };
}
