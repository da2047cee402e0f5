/**
 * Organisations, their members, and invitations.
 * @module
 */
import { query } from "@solidjs/router";
import { hc } from "hono/client";
import type { Role } from "../../../schema/wire/organization";
import type { authRoutes } from "../../../worker/api/routes/auth";
import type { invitationRoutes } from "../../../worker/api/routes/invitations";
import type { organizationRoutes } from "../../../worker/api/routes/organizations";
import { answer, apiFetch, orSignIn } from "./http";

const api = hc<typeof organizationRoutes>("/api/v1", { fetch: apiFetch }).organizations;
const inviting = hc<typeof invitationRoutes>("/api/v1", { fetch: apiFetch });
const auth = hc<typeof authRoutes>("/api/v1", { fetch: apiFetch }).auth;

/** The caller's organisations with their role in each, oldest first. */
export const organizations = query(async () => orSignIn(await answer(api.$get())), "organizations");
/** One organisation. */
export const organization = query(
  async (id: string) => orSignIn(await answer(api[":organization"].$get({ param: { organization: id } }))),
  "organization",
);
/** Its members, owners first. */
export const members = query(
  async (id: string) =>
    orSignIn(await answer(api[":organization"].members.$get({ param: { organization: id } }))),
  "members",
);
/** Its invitations that are neither used nor withdrawn; for admins. */
export const invitations = query(
  async (id: string) =>
    orSignIn(
      await answer(inviting.organizations[":organization"].invitations.$get({ param: { organization: id } })),
    ),
  "invitations",
);
/** What the link of an invitation leads to; needs no account. */
export const invitation = query(
  async (token: string) => answer(inviting.invitations[":token"].$get({ param: { token } })),
  "invitation",
);
/** Who is signed in, if anybody: leads nowhere. */
export const someone = query(async () => answer(auth.me.$get()), "someone");

export const createOrganization = (name: string) => answer(api.$post({ json: { name } }));
export const renameOrganization = (id: string, name: string) =>
  answer(api[":organization"].$patch({ param: { organization: id }, json: { name } }));
/** `confirm` is the organisation's name, as typed. */
export const deleteOrganization = (id: string, confirm: string) =>
  answer(api[":organization"].$delete({ param: { organization: id }, query: { confirm } }));
export const leaveOrganization = (id: string) =>
  answer(api[":organization"].leave.$post({ param: { organization: id } }));

export const changeRole = (id: string, user: string, role: Role) =>
  answer(api[":organization"].members[":user"].$patch({ param: { organization: id, user }, json: { role } }));
export const removeMember = (id: string, user: string) =>
  answer(api[":organization"].members[":user"].$delete({ param: { organization: id, user } }));

/** Inviting an address again replaces its invitation. */
export const invite = (id: string, email: string, role: Exclude<Role, "owner">) =>
  answer(
    inviting.organizations[":organization"].invitations.$post({
      param: { organization: id },
      json: { email, role },
    }),
  );
export const withdrawInvitation = (id: string, invitation: string) =>
  answer(
    inviting.organizations[":organization"].invitations[":invitation"].$delete({
      param: { organization: id, invitation },
    }),
  );
export const acceptInvitation = (token: string) =>
  answer(inviting.invitations[":token"].accept.$post({ param: { token } }));
