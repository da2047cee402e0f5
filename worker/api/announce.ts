/**
 * Events that routes publish after their response: changes, and memberships that begin or end.
 * @module
 */
import { type Expelled, expel } from "../pipeline/live";
import type { Ended } from "../tenancy/accounts";
import { type ProjectContext, projectIdsOf } from "../tenancy/projects";
import { type Actor, type Change, publish } from "../workspace/activity";
import type { Caller } from "./context";
import { defer } from "./request-context";

/** Publishes a change after the response. */
export function announce(env: Env, actor: Actor, change: Change): void {
  defer(publish(env, actor, change, Date.now()));
}

/** Returns the caller as the actor of changes in the path's project. */
export function actorOf({
  var: { caller, project },
}: {
  var: { caller: Caller; project: ProjectContext };
}): Actor & { project: string } {
  return { organization: project.organization_id, project: project.id, user: caller.user_id };
}

/** An organization by id and name. */
interface Named {
  id: string;
  name: string;
}

/** Closes, after the response, the live sockets of sign-in sessions and tokens that have ended. */
export function announceEnded(env: Env, { credentials, organizations }: Ended): void {
  if (credentials.length > 0) defer(closeSockets(env, organizations, { credentials }));
}

/**
 * Records, after the response, that a user joined or left an organization. Live sockets of users who left are closed.
 */
export function announceMembership(
  env: Env,
  kind: "member_joined" | "member_left",
  user: string,
  { id, name }: Named,
): void {
  announce(
    env,
    { organization: id, project: null, user },
    { feed: { kind, id, name, sharing: "organization" } },
  );
  if (kind === "member_left") defer(closeSockets(env, [id], { user }));
}

async function closeSockets(env: Env, organizations: string[], whose: Expelled): Promise<void> {
  await expel(env, await projectIdsOf(env.CONTROL, organizations), whose);
}
