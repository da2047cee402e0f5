/**
 * What the routes of worker/workspace/discussion have in common.
 * @module
 */
import type { Context } from "hono";
import type { Role } from "../../schema/wire/organization";
import { isRefusal, type Refusal } from "../lib/refusal";
import type { ProjectContext } from "../tenancy/projects";
import type { Deed } from "../workspace/discussion";
import type { AppEnv, Caller } from "./auth";
import { problem } from "./errors";

/** A route on a project. */
export type ProjectCtx = Context<
  AppEnv & { Variables: { caller: Caller; role: Role; project: ProjectContext } }
>;

/** What was done, unless it was refused. */
export function accepted<T extends object | null>(outcome: T | Refusal): T {
  if (outcome && isRefusal(outcome)) problem(outcome.code, outcome.detail, outcome.errors);
  return outcome;
}

/** Who did it and where, for the list of activity. */
export function doerOf({
  var: { caller, project },
}: ProjectCtx): Pick<Deed, "organization" | "project" | "user"> {
  return { organization: project.organization_id, project: project.id, user: caller.user_id };
}
