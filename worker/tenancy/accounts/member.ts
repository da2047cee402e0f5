/**
 * Members of organizations and their roles. Every change is one statement that contains its rules, so that of two owners who
 * demote each other at the same time one remains.
 * @module
 */
import { and, type Column, eq, gt, inArray, ne, not, or, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { invitations } from "../../../schema/tables/content";
import { members, users } from "../../../schema/tables/control";
import { type Member, ROLES, type Role } from "../../../schema/wire/organization";
import { epochMs, hasRow } from "../../lib/sql";
import { atLeast } from "./role";

/** The member to change, and the role of the acting user. */
export interface MemberChange {
  organization: string;
  user: string;
  by: Role;
}

/** Why a change was rejected: no such member; only owners may change owners; there must be an owner. */
export type MemberRefusal = "unknown_member" | "owners_only" | "last_owner";

/** Members of an organization: owners first, then by role and name. */
export async function listMembers(control: D1Database, organization: string): Promise<Member[]> {
  const { organizationId, userId, role, createdAt } = members;
  return drizzle(control)
    .select({ user_id: userId, name: users.name, email: users.email, role, created_at: epochMs(createdAt) })
    .from(members)
    .innerJoin(users, eq(users.id, userId))
    .where(eq(organizationId, organization))
    .orderBy(
      sql`CASE ${role} WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'editor' THEN 2 ELSE 3 END`,
      sql`${users.name} COLLATE NOCASE`,
      userId,
    );
}

/**
 * Whether the user in one column has at least the role in the organization in another: for things that work only while their
 * creator may create them. Checked at each use, so that a change of a member need not find them.
 */
export const hasRole = (user: Column, organization: Column, least: Role): SQL =>
  hasRow(
    members,
    and(
      eq(members.userId, user),
      eq(members.organizationId, organization),
      inArray(
        members.role,
        ROLES.filter((role) => atLeast(role, least)),
      ),
    ),
  );

const isNoOwner = ne(members.role, "owner");

const isMember = ({ organization, user }: MemberChange) =>
  and(eq(members.organizationId, organization), eq(members.userId, user));

/** Condition that only owners may change owners. */
const isChangeable = (change: MemberChange) =>
  and(isMember(change), change.by === "owner" ? undefined : isNoOwner);

function isNotLastOwner(db: DrizzleD1Database, { organization }: MemberChange) {
  const isOwner = and(eq(members.organizationId, organization), eq(members.role, "owner"));
  return or(isNoOwner, gt(db.$count(members, isOwner), 1));
}

/** Changes a member's role; null on success. Only owners can make owners. */
export async function changeRole(
  control: D1Database,
  change: MemberChange,
  role: Role,
): Promise<MemberRefusal | null> {
  if (role === "owner" && change.by !== "owner") return "owners_only";
  const db = drizzle(control);
  const { meta } = await db
    .update(members)
    .set({ role })
    .where(and(isChangeable(change), role === "owner" ? undefined : isNotLastOwner(db, change)));
  return meta.changes > 0 ? null : refusalOf(control, change);
}

/** Removes a member and revokes the invitations they sent; null on success. Leaving is removing oneself. */
export async function removeMember(control: D1Database, change: MemberChange): Promise<MemberRefusal | null> {
  const { organization, user } = change;
  const db = drizzle(control);
  const [removed] = await db.batch([
    db.delete(members).where(and(isChangeable(change), isNotLastOwner(db, change))),
    db
      .delete(invitations)
      .where(
        and(
          eq(invitations.organization_id, organization),
          eq(invitations.invited_by, user),
          not(hasRow(members, isMember(change))),
        ),
      ),
  ]);
  return removed.meta.changes ? null : refusalOf(control, change);
}

/** Returns why a statement above changed nothing. */
async function refusalOf(control: D1Database, change: MemberChange): Promise<MemberRefusal> {
  const { role } = members;
  const found = await drizzle(control).select({ role }).from(members).where(isMember(change)).get();
  if (!found) return "unknown_member";
  return found.role === "owner" && change.by !== "owner" ? "owners_only" : "last_owner";
}
