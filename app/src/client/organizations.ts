/**
 * Organizations, their members, and invitations.
 * @module
 */
import { query } from "@solidjs/router";
import type { Member, Role } from "../../../schema/wire/organization";
import { dataOf, orSignIn } from "./http";
import { request } from "./request";

/** The user's organizations with the role in each, oldest first. */
export const organizations = query(
  async () => orSignIn(await request("GET /organizations", {})),
  "organizations",
);
/** One organization. */
export const organization = query(
  async (organization: string) =>
    orSignIn(await request("GET /organizations/{organization}", { params: { organization } })),
  "organization",
);
const listMembers = (organization: string) =>
  request("GET /organizations/{organization}/members", { params: { organization } });
/** Its members, owners first. */
export const members = query(
  async (organization: string) => orSignIn(await listMembers(organization)),
  "members",
);
/** Its members, for pages that only need names: an empty list when the request fails. */
export const people = query(
  async (organization: string): Promise<Member[]> => dataOf(await listMembers(organization))?.data ?? [],
  "people",
);
/** Its invitations that are neither accepted nor revoked; for admins. */
export const invitations = query(
  async (organization: string) =>
    orSignIn(await request("GET /organizations/{organization}/invitations", { params: { organization } })),
  "invitations",
);
/** An invitation by the token of its link; needs no account. */
export const invitation = query(
  (token: string) => request("GET /invitations/{token}", { params: { token } }),
  "invitation",
);

export const createOrganization = (name: string) => request("POST /organizations", { json: { name } });
export const renameOrganization = (organization: string, name: string) =>
  request("PATCH /organizations/{organization}", { params: { organization }, json: { name } });
/** `confirm` is the organization's name, as typed. */
export const deleteOrganization = (organization: string, confirm: string) =>
  request("DELETE /organizations/{organization}", { params: { organization }, query: { confirm } });
export const leaveOrganization = (organization: string) =>
  request("POST /organizations/{organization}/leave", { params: { organization } });

export const changeRole = (organization: string, user: string, role: Role) =>
  request("PATCH /organizations/{organization}/members/{user}", {
    params: { organization, user },
    json: { role },
  });
export const removeMember = (organization: string, user: string) =>
  request("DELETE /organizations/{organization}/members/{user}", { params: { organization, user } });

/** Inviting an address again replaces its invitation. */
export const invite = (organization: string, email: string, role: Exclude<Role, "owner">) =>
  request("POST /organizations/{organization}/invitations", {
    params: { organization },
    json: { email, role },
  });
export const withdrawInvitation = (organization: string, invitation: string) =>
  request("DELETE /organizations/{organization}/invitations/{invitation}", {
    params: { organization, invitation },
  });
export const acceptInvitation = (token: string) =>
  request("POST /invitations/{token}/accept", { params: { token } });
