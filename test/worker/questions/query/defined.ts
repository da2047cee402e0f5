/**
 * Rules and queries of them.
 */
import { env } from "cloudflare:workers";
import type { MetricRule } from "../../../../schema/wire/metric";
import type { Query, QueryResult } from "../../../../schema/wire/query";
import { answer } from "../../../../worker/questions/query";
import { LAKE } from "../../../support/lake";

/** Time of the queries. */
export const NOW = Date.parse("2026-03-20T15:20:00Z");
export const stores = { db: env.SHARD_0, lake: LAKE };
export const asker = (project: string, timezone = "UTC") => ({
  project,
  timezone,
  currency: "EUR",
  now: NOW,
});

/** The result of one query. @throws when it is refused */
export async function ask(project: string, query: Query, lake = LAKE, zone = "UTC"): Promise<QueryResult> {
  const { found } = await answer({ ...stores, lake }, asker(project, zone), { found: query });
  if ("code" in found) throw new Error(`${found.detail} at ${found.errors?.[0]?.path}`);
  return found;
}

/** A rule over events. */
export const aggregate = (
  rest: Omit<Extract<MetricRule, { kind: "aggregate" }>, "kind" | "dataset">,
): MetricRule => ({
  kind: "aggregate",
  dataset: "events",
  ...rest,
});
/** A formula rule. */
export const formula = (text: string): MetricRule => ({ kind: "formula", formula: text });
