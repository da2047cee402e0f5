/**
 * Building marts in steps, and testing their models.
 * @module
 */
import { SECOND_MS } from "../../lib/time";
import { storesOf } from "../../tenancy/projects";
import { buildMarts, testDue } from "../models";

/** Well below the CPU time limit of a step. */
const BUDGET_MS = 20 * SECOND_MS;

/** Builds marts of a project for up to 20 s. Returns true when there is more to build. */
export async function buildStep(env: Env, project: string): Promise<boolean> {
  const { done } = await buildMarts(await modelStores(env, project), project, {
    now: Date.now(),
    budgetMs: BUDGET_MS,
  });
  return !done;
}

/** Maximum number of projects per call. */
const TESTED = 2;

/** Tests the models of projects that were not tested for a day. */
export const testDueModels = (env: Env, now: number): Promise<void> =>
  testDue((project) => modelStores(env, project), env.CONTROL, now, TESTED);

const modelStores = async (env: Env, project: string) => ({
  control: env.CONTROL,
  ...(await storesOf(env, project)),
});
