/**
 * Building marts in steps, and testing their models.
 * @module
 */
import { SECOND_MS } from "../../lib/time";
import { buildMarts, modelStoresOf, testDue } from "../models";

/** Well below the CPU time limit of a step. */
const BUDGET_MS = 20 * SECOND_MS;

/** Builds marts of a project for up to 20 s. Returns true when there is more to build. */
export async function buildStep(env: Env, project: string): Promise<boolean> {
  const { done } = await buildMarts(await modelStoresOf(env, project), project, {
    now: Date.now(),
    budgetMs: BUDGET_MS,
  });
  return !done;
}

/** Maximum number of projects per call. */
const TESTED = 2;

/** Tests the models of projects that were not tested for a day. */
export const testDueModels = (env: Env, now: number): Promise<void> =>
  testDue((project) => modelStoresOf(env, project), env.CONTROL, now, TESTED);
