/**
 * Telling open pages what a request changed, after its answer.
 * @module
 */
import type { ChangedFrame } from "../../schema/wire/live";
import type { Sharing } from "../../schema/wire/metric";
import { expel, tell } from "../pipeline/live";
import { type ProjectContext, projectIdsOf } from "../tenancy/projects";
import type { Caller, OrganizationContext } from "./auth";
import { defer } from "./request-context";

/** What changed. Its maker's pages alone are told when `sharing` is private, as it was before and is now. */
export interface Change extends Pick<ChangedFrame, "what" | "id" | "version"> {
  sharing: Sharing;
  maker: string;
}

/** What a route on a project has; hono's context is invariant in its variables. */
interface Ctx {
  env: Env;
  var: { caller: Caller; project: ProjectContext };
}

/** Tells the pages of the path's project. */
export function tellProject(c: Ctx, change: Change): void {
  defer(tell(c.env, [c.var.project.id], frameOf(c, change), onlyOf(change)));
}

/** What a route on an organisation has. */
interface OrganizationCtx {
  env: Env;
  var: { caller: Caller; organization: Pick<OrganizationContext, "id"> };
}

/** Tells the pages of all projects of the path's organisation. */
export function tellOrganization(c: OrganizationCtx, change: Change): void {
  const told = async () => {
    const projects = await projectIdsOf(c.env.CONTROL, c.var.organization.id);
    await tell(c.env, projects, frameOf(c, change), onlyOf(change));
  };
  defer(told());
}

/** Closes the live sockets of somebody who has left the path's organisation. */
export function showOut(c: OrganizationCtx, user: string): void {
  const shown = async () => {
    await expel(c.env, await projectIdsOf(c.env.CONTROL, c.var.organization.id), user);
  };
  defer(shown());
}

function frameOf(c: { var: { caller: Caller } }, { what, id, version }: Change): ChangedFrame {
  return { type: "changed", what, id, version, by: c.var.caller.user_id };
}

function onlyOf({ sharing, maker }: Change): string | undefined {
  return sharing === "private" ? maker : undefined;
}
