/**
 * Answers queries: parse, plan, execute, format. Work that the queries of a batch share is planned, read and added up
 * once.
 * @module
 */
import type { Query, QueryResult } from "../../../schema/wire/query";
import type { Stores } from "../../lib/stores";
import { retryAfterMerge } from "../../pipeline/lake";
import { type Executed, executeBatch, type ProjectState, type QueryBatch, readProjectState } from "./execute";
import { CellCounter, formatResult, linesInDoubt } from "./format";
import { type ParsedQuery, parse, type QueryContext } from "./parse";
import { isRefusal, type Refusal, refuse } from "./parse/refusal";
import { BUDGET, type Budget, exactly, Planner, type QueryPlan } from "./plan";
import { leftOf } from "./plan/cost";
import { TABLE_BYTES } from "./plan/limits";
import { MemoryExceededError } from "./table/distinct";

export interface AnswerOptions {
  /** The most that the request may read from the lake. */
  budget?: Budget;
  /** The project's state, when the caller has already read it. */
  state?: ProjectState;
  /** Called with the bytes that scans read and process, before they run. */
  charge?: ((bytes: number) => void) | undefined;
}

/** Answers queries about one project. A refused query does not affect the others. */
export async function answer<Name extends string>(
  stores: Stores,
  context: QueryContext,
  queries: Readonly<Record<Name, Query>>,
  { budget = BUDGET, state, charge }: AnswerOptions = {},
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
  const accepted = planned.flatMap(({ name, query, plan }) => (plan ? [{ name, query, plan }] : []));
  const run: Run = (plans, left) => executeBatch(stores, context, project, plans, { budget: left, charge });
  const executed = await retryAfterMerge(() => executeWithin(accepted, run, budget));
  const elapsed_ms = Math.round((performance.now() - started) * 10) / 10;
  const counter = new CellCounter();
  const results = planned.map(({ name, query, refusal }): [string, QueryResult | Refusal] => {
    if (refusal) return [name, refusal];
    const found = executed.get(name)!;
    if (isRefusal(found)) return [name, found];
    return [name, formatResult(query, found.parts, { ...found.meta, elapsed_ms }, counter)];
  });
  return Object.fromEntries(results) as Record<Name, QueryResult | Refusal>;
}

/** Executes plans; refuses all of them when their tables do not fit into memory. */
async function executeWithin(
  accepted: readonly AcceptedQuery[],
  run: Run,
  budget: Budget,
): Promise<Map<string, Executed | Refusal>> {
  try {
    return await executeExactly(accepted, run, budget);
  } catch (error) {
    if (!(error instanceof MemoryExceededError)) throw error;
    const detail = `The groups of the query take more than ${TABLE_BYTES / 2 ** 20} MB: remove a dimension or use fewer metrics`;
    return new Map(accepted.map(({ name }) => [name, refuse("memory_exceeded", "dimensions", detail)]));
  }
}

type Run = (plans: readonly QueryPlan[], budget: Budget) => Promise<QueryBatch>;

interface AcceptedQuery {
  name: string;
  query: ParsedQuery;
  plan: QueryPlan;
}

/**
 * Executes plans, and again those with lines in doubt: the exact numbers of these lines are then read from the lake. Where
 * that would exceed what the first time left of the budget, lines have bounds.
 */
async function executeExactly(
  accepted: readonly AcceptedQuery[],
  run: Run,
  budget: Budget,
): Promise<Map<string, Executed | Refusal>> {
  const plans = accepted.map(({ plan }) => plan);
  const batch = await run(plans, budget);
  const executed = new Map(accepted.map(({ name, plan }) => [name, batch.tablesOf(plan)]));
  const again = accepted.flatMap(({ name, query, plan }) => {
    const found = executed.get(name)!;
    const values = isRefusal(found) ? [] : linesInDoubt(query, found.parts);
    return values.length ? [{ name, plan: exactly(plan, values) }] : [];
  });
  if (!again.length) return executed;
  const exactPlans = again.map(({ plan }) => plan);
  const exact = await run(exactPlans, leftOf(budget, batch.scanned.cost));
  for (const { name, plan } of again) {
    const found = exact.tablesOf(plan);
    if (!isRefusal(found)) executed.set(name, found);
  }
  return executed;
}
