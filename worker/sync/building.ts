/**
 * What is asked of what was read: the marts, built for a while.
 * @module
 */
import { SECOND_MS } from "../lib/time";
import { buildMarts } from "../models";
import { shardOf } from "../projects";

/** Well below a step's processor time. */
const BUDGET_MS = 20 * SECOND_MS;

/** Builds marts of a project for a while. True when there is more to build. */
export async function buildSome(env: Env, project: string): Promise<boolean> {
  const stores = { control: env.CONTROL, db: shardOf(env, project), lake: env.LAKE };
  const { done } = await buildMarts(stores, project, { now: Date.now(), budgetMs: BUDGET_MS });
  return !done;
}
