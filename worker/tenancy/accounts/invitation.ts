/**
 * Invitations by e-mail. Only the hash of the link's secret is stored. An address has one invitation per organization;
 * inviting it again replaces the invitation and its secret.
 * @module
 */
import { and, desc, eq, gt, ne, notExists, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { invitations } from "../../../schema/tables/content";
import { members, organizations, users } from "../../../schema/tables/control";
import {
  INVITATION_DAYS,
  type Invitation,
  type InvitationView,
  MAX_INVITATIONS,
  type Role,
} from "../../../schema/wire/organization";
import { fingerprint, randomSecret } from "../../lib/secret";
import { insertSelect, insertWhen } from "../../lib/sql";
import { DAY_MS } from "../../lib/time";
import { hasRole } from "./member";

/** The address to invite, its role, and the inviter. */
export interface InvitationRequest {
  organization: string;
  /** Lower case. */
  email: string;
  role: Exclude<Role, "owner">;
  /** User id. */
  by: string;
}

/** Whether it is valid: it has not expired, and its sender may still invite. */
export function isUsable(now: number): SQL {
  const { expires_at, invited_by, organization_id } = invitations;
  return sql`(${gt(expires_at, now)} AND ${hasRole(invited_by, organization_id, "admin")})`;
}

function selectInvitations(db: DrizzleD1Database, organization: string, now: number, condition?: SQL) {
  const { id, organization_id, email, role, invited_by, created_at, expires_at } = invitations;
  const works = isUsable(now).mapWith(Boolean);
  return db
    .select({ id, email, role, invited_by: users.name, works, created_at, expires_at })
    .from(invitations)
    .innerJoin(users, eq(users.id, invited_by))
    .where(and(eq(organization_id, organization), condition))
    .orderBy(desc(created_at), id);
}

/** Creates or replaces an invitation. Rejects members, and more than `MAX_INVITATIONS` per organization. */
export async function invite(
  control: D1Database,
  { organization, email, role, by }: InvitationRequest,
  now: number,
): Promise<{ invitation: Invitation; token: string } | "already_member" | "too_many_invitations"> {
  const token = randomSecret(32);
  const hash = await fingerprint(token);
  const expires_at = now + INVITATION_DAYS * DAY_MS;
  const renewed = { role, hash, by_mail: true, invited_by: by, created_at: now, expires_at };
  const row = { id: ulid(now).toLowerCase(), organization_id: organization, email, ...renewed };
  const target = [invitations.organization_id, invitations.email];
  const db = drizzle(control);
  const member = db
    .select({ one: sql`1` })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.organizationId, organization), eq(users.email, email)));
  const isOther = and(eq(invitations.organization_id, organization), ne(invitations.email, email));
  const others = db.$count(invitations, isOther);
  const isAllowed = sql`${notExists(member)} AND ${others} < ${MAX_INVITATIONS}`;
  const [, [invitation], found] = await db.batch([
    insertWhen(db, invitations, row, isAllowed).onConflictDoUpdate({ target, set: renewed }),
    selectInvitations(db, organization, now, eq(invitations.hash, hash)),
    member,
  ]);
  if (invitation) return { invitation, token };
  return found.length ? "already_member" : "too_many_invitations";
}

/** Invitations that are neither accepted nor revoked, newest first, including expired ones, so that they can be sent again. */
export async function listInvitations(
  control: D1Database,
  organization: string,
  now: number,
): Promise<Invitation[]> {
  return selectInvitations(drizzle(control), organization, now);
}

/** Records that the inviter has the link because the e-mail could not be sent: accepting it does not confirm the address. */
export async function markLinkReturned(control: D1Database, id: string): Promise<void> {
  await drizzle(control).update(invitations).set({ by_mail: false }).where(eq(invitations.id, id));
}

/** Revokes an invitation of the organization; false when there is none with this id. */
export async function withdrawInvitation(
  control: D1Database,
  organization: string,
  id: string,
): Promise<boolean> {
  const { meta } = await drizzle(control)
    .delete(invitations)
    .where(and(eq(invitations.organization_id, organization), eq(invitations.id, id)));
  return meta.changes > 0;
}

/** The invitation of a link; null when it is accepted, revoked, replaced or expired. */
export async function viewInvitation(
  control: D1Database,
  token: string,
  now: number,
): Promise<InvitationView | null> {
  const { organization_id, email, role, invited_by, expires_at } = invitations;
  const row = await drizzle(control)
    .select({
      organization: { id: organizations.id, name: organizations.name },
      email,
      role,
      invited_by: users.name,
      expires_at,
    })
    .from(invitations)
    .innerJoin(organizations, eq(organizations.id, organization_id))
    .innerJoin(users, eq(users.id, invited_by))
    .where(and(eq(invitations.hash, await fingerprint(token)), isUsable(now)))
    .get();
  return row ?? null;
}

/**
 * Makes the user a member and deletes the invitation, in one transaction. Rejects an account with another address than the
 * invited one, and an invalid secret.
 */
export async function acceptInvitation(
  control: D1Database,
  token: string,
  user: string,
  now: number,
): Promise<{ organization_id: string } | "other_address" | "invalid_token"> {
  const hash = await fingerprint(token);
  const { organization_id, role, email } = invitations;
  const db = drizzle(control);
  const address = db.select({ email: users.email }).from(users).where(eq(users.id, user));
  const mine = and(eq(invitations.hash, hash), isUsable(now), eq(email, address));
  const row = {
    id: ulid(now).toLowerCase(),
    organizationId: sql`${organization_id}`,
    userId: user,
    role: sql`${role}`,
    createdAt: new Date(now),
  };
  const [, [accepted]] = await db.batch([
    insertSelect(db, members, row, sql`FROM ${invitations} WHERE ${mine}`).onConflictDoNothing({
      target: [members.userId, members.organizationId],
    }),
    db.delete(invitations).where(mine).returning({ organization_id }),
  ]);
  if (accepted) return accepted;
  return (await viewInvitation(control, token, now)) ? "other_address" : "invalid_token";
}
