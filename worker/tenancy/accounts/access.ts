/**
 * Tokens and sign-in sessions of an organization's members, for its owners. A token belongs to its creator and works in all
 * of their organizations, so an owner only removes their own organization from it.
 * @module
 */
import { and, count, desc, eq, gt, inArray, max, not, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { apiTokens, authSessions, members, tokenExclusions, users } from "../../../schema/tables/control";
import type { MemberSignIns, MemberToken } from "../../../schema/wire/access";
import { hasRow, insertSelect } from "../../lib/sql";
import { isExcluded } from "./store";

/** Tokens of members that have access to the organization, newest first, without their secrets. */
export async function listMemberTokens(control: D1Database, organization: string): Promise<MemberToken[]> {
  const { id, name, scopes, created_at, last_used_at, user_id } = apiTokens;
  return drizzle(control)
    .select({ ...{ id, name, scopes, created_at, last_used_at }, made_by: { user_id, name: users.name } })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, user_id))
    .innerJoin(members, and(eq(members.userId, user_id), eq(members.organizationId, organization)))
    .where(not(isExcluded(id, members.organizationId)))
    .orderBy(desc(id));
}

/** Removes the organization from a member's token; false when no such token has access to it. */
export async function excludeToken(
  control: D1Database,
  organization: string,
  token: string,
  by: { user: string; now: number },
): Promise<boolean> {
  const row = {
    ...{ token_id: token, organization_id: organization },
    ...{ excluded_by: by.user, excluded_at: by.now },
  };
  const isMember = and(eq(members.userId, apiTokens.user_id), eq(members.organizationId, organization));
  const source = sql`FROM ${apiTokens} WHERE ${apiTokens.id} = ${token} AND ${hasRow(members, isMember)}`;
  const { meta } = await insertSelect(drizzle(control), tokenExclusions, row, source).onConflictDoNothing();
  return meta.changes > 0;
}

/** Members with their open sign-in sessions, in the order in which they joined. */
export async function listSignIns(
  control: D1Database,
  organization: string,
  now: number,
): Promise<MemberSignIns[]> {
  const { id, userId, expiresAt, updatedAt } = authSessions;
  return drizzle(control)
    .select({
      ...{ user_id: users.id, name: users.name, email: users.email, role: members.role },
      sessions: count(id),
      last_used_at: sql<number | null>`${max(updatedAt)}`.mapWith((at) => at),
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .leftJoin(authSessions, and(eq(userId, users.id), gt(expiresAt, new Date(now))))
    .where(eq(members.organizationId, organization))
    .groupBy(users.id)
    .orderBy(members.createdAt, users.id);
}

/** Names of existing users by id. */
export async function namesOf(control: D1Database, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const { id, name } = users;
  const rows = await drizzle(control)
    .select({ id, name })
    .from(users)
    .where(inArray(id, [...ids]));
  return new Map(rows.map((row) => [row.id, row.name]));
}
