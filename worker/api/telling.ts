/**
 * Telling open pages what a request changed, after its answer.
 * @module
 */
import type { ChangedFrame } from "../../schema/wire/live";
import type { Sharing } from "../../schema/wire/metric";
import { tell } from "../live";
import type { ProjectContext } from "../projects";
import { defer } from "./account-deps";
import type { Caller } from "./auth";

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

function frameOf(c: Pick<Ctx, "var">, { what, id, version }: Change): ChangedFrame {
  return { type: "changed", what, id, version, by: c.var.caller.user_id };
}

function onlyOf({ sharing, maker }: Change): string | undefined {
  return sharing === "private" ? maker : undefined;
}
