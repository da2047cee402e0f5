/**
 * What a kind of insight provides.
 * @module
 */
import type { Query, QueryResult } from "../../../schema/wire/query";
import type { Stores } from "../../lib/stores";
import type { AnswerOptions, QueryContext, Refusal } from "../query";

/** A kind answers all its queries of a batch in one call, so that they can share reads. */
export interface InsightKind {
  /** Returns a result or a refusal for each query, by name. */
  answer(
    stores: Stores,
    context: QueryContext,
    queries: Readonly<Record<string, Query>>,
    options: AnswerOptions,
  ): Promise<Record<string, QueryResult | Refusal>>;
}
