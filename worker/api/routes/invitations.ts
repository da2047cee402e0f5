/**
 * Invitations: sending, withdrawing, viewing and accepting them.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  invitationCreatedSchema,
  invitationCreateSchema,
  invitationSchema,
  invitationViewSchema,
  MAX_INVITATIONS,
} from "../../../schema/wire/organization";
import { logError } from "../../lib/log";
import {
  acceptInvitation,
  invitationMail,
  invite,
  listInvitations,
  markLinkReturned,
  readOrganization,
  viewInvitation,
  withdrawInvitation,
} from "../../tenancy/accounts";
import { announceMembership } from "../announce";
import { demandConfirmed } from "../auth";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { limitAuth } from "../limit";
import { depsOf } from "../request-context";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Organizations"];
const params = z.object({ organization: idParameter });
const tokenParams = z.object({ token: z.string().max(256) });

const list = route({
  method: "get",
  path: "/organizations/{organization}/invitations",
  access: { scope: "projects:read", role: "admin", over: "organization" },
  tags,
  summary: "Invitations that are neither used nor withdrawn",
  request: { params },
  responses: answers(200, z.object({ data: z.array(invitationSchema) }), "Newest first"),
});

const create = route({
  method: "post",
  path: "/organizations/{organization}/invitations",
  access: { scope: "session", role: "admin", over: "organization" },
  tags,
  summary: "Invite a person by e-mail",
  description:
    "Inviting an address again replaces its invitation: the earlier link stops working. Owners cannot be invited: " +
    "change the role of a member. Requires a confirmed address.",
  request: { params, ...json(invitationCreateSchema) },
  responses: answers(201, invitationCreatedSchema, "The invitation, for seven days"),
});

const withdraw = route({
  method: "delete",
  path: "/organizations/{organization}/invitations/{invitation}",
  access: { scope: "session", role: "admin", over: "organization" },
  tags,
  summary: "Withdraw an invitation",
  request: { params: params.extend({ invitation: idParameter }) },
  responses: done("Withdrawn; its link stops working at once"),
});

const view = route({
  method: "get",
  path: "/invitations/{token}",
  access: "link",
  tags,
  summary: "Get an invitation",
  request: { params: tokenParams },
  responses: answers(200, invitationViewSchema, "The invitation"),
});

const accept = route({
  method: "post",
  path: "/invitations/{token}/accept",
  access: "account",
  tags,
  summary: "Accept an invitation",
  description:
    "Works once, while the sender may invite, for an account whose confirmed address is the invited one.",
  request: { params: tokenParams },
  responses: answers(200, z.object({ organization_id: z.string() }), "You are a member now"),
});

const OVER = "The invitation was used, withdrawn or replaced, or has expired: request a new one";

/** Sends the invitation. Null when it was sent, else its link: a deployment may have no e-mail yet. */
async function mail(
  deps: ReturnType<typeof depsOf>,
  view: Parameters<typeof invitationMail>[0],
  token: string,
) {
  const link = `${deps.origin}/invitations/${token}`;
  try {
    await deps.send(invitationMail(view, link));
    return null;
  } catch (error) {
    logError("an invitation was not sent", error);
    return link;
  }
}

/** Everything about invitations. */
export const invitationRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) =>
    c.json({ data: await listInvitations(c.env.CONTROL, c.var.organization.id, Date.now()) }, 200),
  )
  .openapi(create, async (c) => {
    const { user_id: by } = c.var.caller;
    demandConfirmed(c.var.caller);
    await limitAuth(c, "invite", by);
    const { id } = c.var.organization;
    const organization = (await readOrganization(c.env.CONTROL, by, id)) ?? problem("not_found");
    const wanted = { organization: id, by, ...c.req.valid("json") };
    const made = await invite(c.env.CONTROL, wanted, Date.now());
    if (made === "already_member") problem("already_member", `${wanted.email} is already a member`);
    if (made === "too_many_invitations") {
      problem(
        "invitation_limit_reached",
        `At most ${MAX_INVITATIONS} invitations can be open: withdraw some first`,
      );
    }
    const link = await mail(depsOf(c), { ...made.invitation, organization }, made.token);
    if (link !== null) await markLinkReturned(c.env.CONTROL, made.invitation.id);
    return c.json({ ...made.invitation, link }, 201);
  })
  .openapi(withdraw, async (c) => {
    const { organization, invitation } = c.req.valid("param");
    if (!(await withdrawInvitation(c.env.CONTROL, organization, invitation))) problem("not_found");
    return c.body(null, 204);
  })
  .openapi(view, async (c) => {
    const found = await viewInvitation(c.env.CONTROL, c.req.valid("param").token, Date.now());
    return c.json(found ?? problem("not_found", OVER), 200, { "cache-control": "no-store" });
  })
  .openapi(accept, async (c) => {
    const { token } = c.req.valid("param");
    const { user_id } = c.var.caller;
    demandConfirmed(c.var.caller);
    const accepted = await acceptInvitation(c.env.CONTROL, token, user_id, Date.now());
    if (accepted === "invalid_token") problem("not_found", OVER);
    if (accepted === "other_address") {
      problem(
        "invitation_for_other_address",
        "The invitation is for another address: sign in with that account",
      );
    }
    const organization = await readOrganization(c.env.CONTROL, user_id, accepted.organization_id);
    if (organization) announceMembership(c.env, "member_joined", user_id, organization);
    return c.json(accepted, 200);
  });

/** The routes above as types, for the app's client. */
export type InvitationRoute = typeof list | typeof create | typeof withdraw | typeof view | typeof accept;
