/**
 * Answers queries of any kind.
 * @module
 */
import type { Query, QueryResult } from "../../../schema/wire/query";
import type { Stores } from "../../lib/stores";
import type { AnswerOptions, QueryContext, Refusal } from "../query";
import { INSIGHT_KINDS, type InsightKindName } from "./registry";

/** A query and its kind, `aggregate` by default. */
export type InsightQuery = Query & { kind?: InsightKindName };

/** Answers queries about one project, kind by kind. A refused query does not affect the others. */
export async function answerInsights<Name extends string>(
  stores: Stores,
  context: QueryContext,
  queries: Readonly<Record<Name, InsightQuery>>,
  options: AnswerOptions = {},
): Promise<Record<Name, QueryResult | Refusal>> {
  const byKind = Map.groupBy(Object.entries<InsightQuery>(queries), ([, { kind = "aggregate" }]) => kind);
  const answers = await Promise.all(
    [...byKind].map(([kind, entries]) =>
      INSIGHT_KINDS[kind].answer(stores, context, Object.fromEntries(entries), options),
    ),
  );
  return Object.assign({}, ...answers);
}
