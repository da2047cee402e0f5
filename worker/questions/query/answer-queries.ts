/**
 * Answers queries: parse, plan, execute, format. Work that the queries of a batch share is planned, read and added up
 * once.
 * @module
 */
import type { Query, QueryResult } from "../../../schema/wire/query";
import type { Stores } from "../../lib/stores";
import { retryAfterMerge } from "../../pipeline/lake";
import { executeBatch, type ProjectState, readProjectState } from "./execute";
import { formatResult } from "./format";
import { parse, type QueryContext } from "./parse";
import { isRefusal, type Refusal } from "./parse/refusal";
import { BUDGET, type Budget, Planner } from "./plan";

export interface AnswerOptions {
  /** The most that one query may read from the lake. */
  budget?: Budget;
  /** The project's state, when the caller has already read it. */
  state?: ProjectState;
}

/** Answers queries about one project. A refused query does not affect the others. */
export async function answer<Name extends string>(
  stores: Stores,
  context: QueryContext,
  queries: Readonly<Record<Name, Query>>,
  { budget = BUDGET, state }: AnswerOptions = {},
): Promise<Record<Name, QueryResult | Refusal>> {
  const started = performance.now();
  const project = state ?? (await readProjectState(stores.db, context.project, context.timezone));
  const planner = new Planner({ zone: project.timezone, now: context.now });
  const planned = Object.entries<Query>(queries).map(([name, wire]) => {
    const query = parse(wire, context);
    if (isRefusal(query)) return { name, refusal: query };
    const plan = planner.plan(query);
    return isRefusal(plan) ? { name, refusal: plan } : { name, query, plan };
  });
  const plans = planned.flatMap(({ plan }) => plan ?? []);
  const batch = await retryAfterMerge(() => executeBatch(stores, context, project, plans, budget));
  const elapsed_ms = Math.round((performance.now() - started) * 10) / 10;
  const results = planned.map(({ name, query, plan, refusal }): [string, QueryResult | Refusal] => {
    if (refusal) return [name, refusal];
    const executed = batch.tablesOf(plan);
    if (isRefusal(executed)) return [name, executed];
    return [name, formatResult(query, executed.parts, { ...executed.meta, elapsed_ms })];
  });
  return Object.fromEntries(results) as Record<Name, QueryResult | Refusal>;
}
