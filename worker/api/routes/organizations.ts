/**
 * Organizations and their members. Roles are changed by signed-in people, not by tokens.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  MAX_ORGANIZATIONS,
  memberSchema,
  memberUpdateSchema,
  type OrganizationDetail,
  organizationCreateSchema,
  organizationDetailSchema,
  organizationUpdateSchema,
} from "../../../schema/wire/organization";
import {
  changeRole,
  createOrganization,
  deleteOrganization,
  listMembers,
  listOrganizations,
  type MemberRefusal,
  readOrganization,
  removeMember,
  renameOrganization,
  signUpRule,
} from "../../tenancy/accounts";
import { announceMembership } from "../announce";
import { demandConfirmed } from "../auth";
import type { AppEnv, Caller, OrganizationContext } from "../context";
import { problem } from "../errors";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Organizations"];
const params = z.object({ organization: idParameter });
const memberParams = params.extend({ user: idParameter });

const list = route({
  method: "get",
  path: "/organizations",
  access: { scope: "projects:read", over: "account" },
  tags,
  summary: "Your organizations",
  responses: answers(200, z.object({ data: z.array(organizationDetailSchema) }), "Oldest first"),
});

const create = route({
  method: "post",
  path: "/organizations",
  access: "account",
  tags,
  summary: "Create an organization",
  request: json(organizationCreateSchema),
  responses: answers(201, organizationDetailSchema, "The organization; you own it"),
});

const read = route({
  method: "get",
  path: "/organizations/{organization}",
  access: { scope: "projects:read", role: "viewer", over: "organization" },
  tags,
  summary: "One organization",
  request: { params },
  responses: answers(200, organizationDetailSchema, "The organization"),
});

const rename = route({
  method: "patch",
  path: "/organizations/{organization}",
  access: { scope: "session", role: "admin", over: "organization" },
  tags,
  summary: "Change an organization's name",
  request: { params, ...json(organizationUpdateSchema) },
  responses: answers(200, organizationDetailSchema, "The changed organization"),
});

const remove = route({
  method: "delete",
  path: "/organizations/{organization}",
  access: { scope: "session", role: "owner", over: "organization" },
  tags,
  summary: "Delete an organization that has no projects",
  description:
    "`confirm` must be the organization's name. Also deletes its metrics, members and invitations.",
  request: { params, query: z.object({ confirm: z.string().max(255).optional() }) },
  responses: done("Deleted"),
});

const members = route({
  method: "get",
  path: "/organizations/{organization}/members",
  access: { scope: "projects:read", role: "viewer", over: "organization" },
  tags,
  summary: "Members and their roles",
  request: { params },
  responses: answers(200, z.object({ data: z.array(memberSchema) }), "Owners first"),
});

const changeMember = route({
  method: "patch",
  path: "/organizations/{organization}/members/{user}",
  access: { scope: "session", role: "admin", over: "organization" },
  tags,
  summary: "Change a member's role",
  description: "Only owners can make and change owners. The last owner cannot be changed.",
  request: { params: memberParams, ...json(memberUpdateSchema) },
  responses: done("Changed; effective from the next request"),
});

const removeOne = route({
  method: "delete",
  path: "/organizations/{organization}/members/{user}",
  access: { scope: "session", role: "admin", over: "organization" },
  tags,
  summary: "Remove a member",
  description:
    "Only owners can remove owners; the last owner cannot be removed. Invitations they sent are withdrawn.",
  request: { params: memberParams },
  responses: done("Removed; their sessions and tokens lose the organization at once"),
});

const leave = route({
  method: "post",
  path: "/organizations/{organization}/leave",
  access: { scope: "session", role: "viewer", over: "organization" },
  tags,
  summary: "Leave an organization",
  description: "The last owner cannot leave: make another member an owner first.",
  request: { params },
  responses: done("Left"),
});

function refuseMember(refusal: MemberRefusal): never {
  if (refusal === "unknown_member") problem("not_found");
  if (refusal === "owners_only")
    problem("insufficient_role", "Only an owner makes, changes or removes owners");
  return problem("last_owner", "An organization needs an owner: make another member an owner first");
}

type Ctx = Context<AppEnv & { Variables: { caller: Caller; organization: OrganizationContext } }>;

/** The organization of the path; the caller may have been removed since the access check. */
async function fullOrganization(c: Pick<Ctx, "env" | "var">): Promise<OrganizationDetail> {
  const found = await readOrganization(c.env.CONTROL, c.var.caller.user_id, c.var.organization.id);
  return found ?? problem("not_found");
}

/** Everything under /organizations except invitations. */
export const organizationRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) =>
    c.json({ data: await listOrganizations(c.env.CONTROL, c.var.caller.user_id) }, 200),
  )
  .openapi(create, async (c) => {
    const { name } = c.req.valid("json");
    if (signUpRule(c.env).mode === "domains") demandConfirmed(c.var.caller);
    const made = await createOrganization(c.env.CONTROL, c.var.caller.user_id, name, Date.now());
    if (!made)
      problem(
        "organization_limit_reached",
        `An account can belong to at most ${MAX_ORGANIZATIONS} organizations`,
      );
    return c.json(made, 201);
  })
  .openapi(read, async (c) => {
    return c.json(await fullOrganization(c), 200);
  })
  .openapi(rename, async (c) => {
    const { id } = c.var.organization;
    const { name } = c.req.valid("json");
    if (name !== undefined) await renameOrganization(c.env.CONTROL, id, name);
    return c.json(await fullOrganization(c), 200);
  })
  .openapi(remove, async (c) => {
    const { id, name } = await fullOrganization(c);
    if (c.req.valid("query").confirm !== name) {
      const message = "Type the organization's name to delete it";
      problem("invalid_request", message, [{ path: "confirm", code: "mismatch", message }]);
    }
    if (!(await deleteOrganization(c.env.CONTROL, id))) {
      problem("organization_not_empty", "The organization still has projects: delete them first");
    }
    return c.body(null, 204);
  })
  .openapi(members, async (c) =>
    c.json({ data: await listMembers(c.env.CONTROL, c.var.organization.id) }, 200),
  )
  .openapi(changeMember, async (c) => {
    const change = { ...c.req.valid("param"), by: c.var.role };
    const refusal = await changeRole(c.env.CONTROL, change, c.req.valid("json").role);
    return refusal ? refuseMember(refusal) : c.body(null, 204);
  })
  .openapi(removeOne, async (c) => {
    const { organization, user } = c.req.valid("param");
    const left = await fullOrganization(c);
    const refusal = await removeMember(c.env.CONTROL, { organization, user, by: c.var.role });
    if (refusal) refuseMember(refusal);
    announceMembership(c.env, "member_left", user, left);
    return c.body(null, 204);
  })
  .openapi(leave, async (c) => {
    const { user_id: user } = c.var.caller;
    const left = await fullOrganization(c);
    const refusal = await removeMember(c.env.CONTROL, { organization: left.id, user, by: c.var.role });
    if (refusal) refuseMember(refusal);
    announceMembership(c.env, "member_left", user, left);
    return c.body(null, 204);
  });

/** The routes above as types, for the app's client. */
export type OrganizationRoute =
  | typeof list
  | typeof create
  | typeof read
  | typeof rename
  | typeof remove
  | typeof members
  | typeof changeMember
  | typeof removeOne
  | typeof leave;
