/**
 * What gives access to an organization: listing it and revoking it, for its owners.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { accessListSchema } from "../../../schema/wire/access";
import { listSources } from "../../sources/connections";
import {
  excludeToken,
  listInvitations,
  listMemberTokens,
  listSignIns,
  namesOf,
} from "../../tenancy/accounts";
import { projectIdsOf } from "../../tenancy/projects";
import { listOrganizationLinks, revokeOrganizationLink } from "../../workspace/dashboards";
import { announce, announceEnded } from "../announce";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { answers, done, idParameter, route } from "../route";

const tags = ["Organizations"];
const params = z.object({ organization: idParameter });
const access = { scope: "session", role: "owner", over: "organization" } as const;

const list = route({
  method: "get",
  path: "/organizations/{organization}/access",
  access,
  tags,
  summary: "What gives access to the organization",
  description:
    "Public links that are not revoked, also those to private dashboards; personal tokens of members; open invitations; " +
    "sources with the person who connected them; members with the last use of their sign-in sessions. Invitations and " +
    "sources are revoked by their own routes.",
  request: { params },
  responses: answers(200, accessListSchema, "Newest first, without secrets; members in the order of joining"),
});

const revokeLink = route({
  method: "delete",
  path: "/organizations/{organization}/access/links/{link}",
  access,
  tags,
  summary: "Revoke a public link of any member",
  request: { params: params.extend({ link: idParameter }) },
  responses: done("The link is revoked immediately"),
});

const revokeToken = route({
  method: "delete",
  path: "/organizations/{organization}/access/tokens/{token}",
  access,
  tags,
  summary: "Take the organization from a member's token",
  description: "The token goes on working in its maker's other organizations.",
  request: { params: params.extend({ token: idParameter }) },
  responses: done("The token no longer reaches the organization; its live sockets there are closed"),
});

/** Sources of the organization with the people who connected them. */
async function sourcesOf({ CONTROL }: Env, organization: string) {
  const found = await listSources(CONTROL, await projectIdsOf(CONTROL, [organization]));
  const names = await namesOf(CONTROL, [...new Set(found.map((source) => source.created_by))]);
  return found.map(({ id, project_id, driver, name, status, created_by, created_at }) => {
    const made_by = { user_id: created_by, name: names.get(created_by) ?? "Former member" };
    return { id, project_id, driver, name, status, made_by, created_at };
  });
}

/** Everything under /organizations/{organization}/access. */
export const accessRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { id } = c.var.organization;
    const { CONTROL } = c.env;
    const now = Date.now();
    const [links, tokens, invitations, sources, members] = await Promise.all([
      listOrganizationLinks(CONTROL, id, now),
      listMemberTokens(CONTROL, id),
      listInvitations(CONTROL, id, now),
      sourcesOf(c.env, id),
      listSignIns(CONTROL, id, now),
    ]);
    return c.json({ links, tokens, invitations, sources, members }, 200);
  })
  .openapi(revokeLink, async (c) => {
    const { organization, link } = c.req.valid("param");
    const revoked = await revokeOrganizationLink(c.env.CONTROL, organization, link, Date.now());
    if (!revoked) return problem("not_found");
    const { project_id: project, ...feed } = revoked;
    const actor = { organization, project, user: c.var.caller.user_id };
    announce(c.env, actor, { feed: { kind: "link_revoked", ...feed } });
    return c.body(null, 204);
  })
  .openapi(revokeToken, async (c) => {
    const { organization, token } = c.req.valid("param");
    const by = { user: c.var.caller.user_id, now: Date.now() };
    if (!(await excludeToken(c.env.CONTROL, organization, token, by))) problem("not_found");
    announceEnded(c.env, { credentials: [token], organizations: [organization] });
    return c.body(null, 204);
  });

/** The routes above as types, for the app's client. */
export type AccessRoute = typeof list | typeof revokeLink | typeof revokeToken;
