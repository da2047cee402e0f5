/**
 * Invitations by e-mail. Of the link's secret only the fingerprint is kept; an address has one invitation an organization,
 * and asking again replaces it, secret and all.
 * @module
 */
import { ulid } from "ulid";
import {
  INVITATION_DAYS,
  type Invitation,
  type InvitationView,
  MAX_INVITATIONS,
  type Role,
} from "../../../schema/wire/organization";
import { fingerprint, randomSecret } from "../../lib/secret";
import { DAY_MS } from "../../lib/time";

/** Whom to invite, as what, and who asks. */
export interface InvitationRequest {
  organization: string;
  /** Lower case. */
  email: string;
  role: Exclude<Role, "owner">;
  /** User id. */
  by: string;
}

const SELECT = `SELECT i.id, i.email, i.role, u.name AS invited_by, i.created_at, i.expires_at
  FROM invitations i JOIN users u ON u.id = i.invited_by WHERE i.organization_id = ?1`;

/** Makes or renews an invitation. Refuses members, and more than `MAX_INVITATIONS` of one organization. */
export async function invite(
  control: D1Database,
  { organization, email, role, by }: InvitationRequest,
  now: number,
): Promise<{ invitation: Invitation; token: string } | "already_member" | "too_many_invitations"> {
  const token = randomSecret(32);
  const [, found, member] = await control.batch<Invitation>([
    control
      .prepare(
        `INSERT INTO invitations (id, organization_id, email, role, hash, invited_by, created_at, expires_at)
         SELECT ?2, ?1, ?3, ?4, ?5, ?6, ?7, ?8
         WHERE NOT EXISTS (SELECT 1 FROM members m JOIN users u ON u.id = m.user_id
             WHERE m.organization_id = ?1 AND u.email = ?3)
           AND (SELECT count(*) FROM invitations WHERE organization_id = ?1 AND email <> ?3) < ?9
         ON CONFLICT (organization_id, email) DO UPDATE SET role = excluded.role, hash = excluded.hash,
           invited_by = excluded.invited_by, created_at = excluded.created_at, expires_at = excluded.expires_at`,
      )
      .bind(
        organization,
        ulid(now).toLowerCase(),
        email,
        role,
        await fingerprint(token),
        by,
        now,
        now + INVITATION_DAYS * DAY_MS,
        MAX_INVITATIONS,
      ),
    control.prepare(`${SELECT} AND i.hash = ?2`).bind(organization, await fingerprint(token)),
    control
      .prepare(
        "SELECT 1 FROM members m JOIN users u ON u.id = m.user_id WHERE m.organization_id = ?1 AND u.email = ?2",
      )
      .bind(organization, email),
  ]);
  const invitation = found?.results[0];
  if (invitation) return { invitation, token };
  return member?.results.length ? "already_member" : "too_many_invitations";
}

/** Invitations that are neither used nor withdrawn, newest first; those past their end too, so that they can be renewed. */
export async function listInvitations(control: D1Database, organization: string): Promise<Invitation[]> {
  const { results } = await control
    .prepare(`${SELECT} ORDER BY i.created_at DESC, i.id`)
    .bind(organization)
    .all<Invitation>();
  return results;
}

/** Withdraws an invitation of the organization; false when there is no such. */
export async function withdrawInvitation(
  control: D1Database,
  organization: string,
  id: string,
): Promise<boolean> {
  const { meta } = await control
    .prepare("DELETE FROM invitations WHERE organization_id = ?1 AND id = ?2")
    .bind(organization, id)
    .run();
  return meta.changes > 0;
}

/** What the link of an e-mail leads to; null when it is used, withdrawn, replaced or over. */
export async function viewInvitation(
  control: D1Database,
  token: string,
  now: number,
): Promise<InvitationView | null> {
  const row = await control
    .prepare(
      `SELECT g.id, g.name, i.email, i.role, u.name AS invited_by, i.expires_at FROM invitations i
       JOIN organizations g ON g.id = i.organization_id JOIN users u ON u.id = i.invited_by
       WHERE i.hash = ?1 AND i.expires_at > ?2`,
    )
    .bind(await fingerprint(token), now)
    .first<Omit<InvitationView, "organization"> & { id: string; name: string }>();
  if (!row) return null;
  const { id, name, ...rest } = row;
  return { organization: { id, name }, ...rest };
}

/**
 * Makes the user a member by the link's secret and uses it up, in one transaction. Refuses an account with another address
 * than the one invited, and a link that leads nowhere.
 */
export async function acceptInvitation(
  control: D1Database,
  token: string,
  user: string,
  now: number,
): Promise<{ organization_id: string } | "other_address" | "invalid_token"> {
  const hash = await fingerprint(token);
  const mine =
    "i.hash = ?1 AND i.expires_at > ?3 AND i.email = (SELECT u.email FROM users u WHERE u.id = ?2)";
  const [, used] = await control.batch<{ organization_id: string }>([
    control
      .prepare(
        `INSERT INTO members (id, organization_id, user_id, role, created_at)
         SELECT ?4, i.organization_id, ?2, i.role, ?3 FROM invitations i WHERE ${mine}
         ON CONFLICT (user_id, organization_id) DO NOTHING`,
      )
      .bind(hash, user, now, ulid(now).toLowerCase()),
    control
      .prepare(`DELETE FROM invitations AS i WHERE ${mine} RETURNING organization_id`)
      .bind(hash, user, now),
  ]);
  const accepted = used?.results[0];
  if (accepted) return accepted;
  return (await viewInvitation(control, token, now)) ? "other_address" : "invalid_token";
}
