/**
 * Callers, their sessions and organizations, in the control database: always from the primary, one query each.
 * @module
 */
import { and, type Column, desc, eq, gt, lte, not, or, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import {
  apiTokens,
  authSessions,
  members,
  organizations,
  tokenExclusions,
  users,
} from "../../../schema/tables/control";
import type { AuthSession, User } from "../../../schema/wire/account";
import type { Organization } from "../../../schema/wire/organization";
import { epochMs, hasRow } from "../../lib/sql";
import type { Roles } from "./role";

/** An open session with its user. `token` is the cookie's secret. */
export interface Session {
  id: string;
  token: string;
  user: User;
}

/** The caller of a session or token. */
export interface Identity {
  user_id: string;
  roles: Roles;
  /** Id of the sign-in session or token. */
  credential: string;
  /** Whether the user's address is confirmed. */
  is_confirmed: boolean;
}

/** Whether an owner removed the organization from the token; each is a column or a value. */
export const isExcluded = (token: Column | string, organization: Column | string): SQL =>
  hasRow(
    tokenExclusions,
    and(eq(tokenExclusions.token_id, token), eq(tokenExclusions.organization_id, organization)),
  );

/** The roles of the user in the given column, as a JSON object; for a token, only those of organizations that it may access. */
export function rolesOf(db: DrizzleD1Database, user: Column, token?: Column): SQL<Roles> {
  const list = sql`json_group_object(${members.organizationId}, ${members.role})`;
  const isReached = token && not(isExcluded(token, members.organizationId));
  const roles = db
    .select({ list })
    .from(members)
    .where(and(eq(members.userId, user), isReached));
  return sql`${roles}`.mapWith((json): Roles => JSON.parse(json));
}

/** The identity of an open session, found by the cookie's token or by its id. */
export async function identityOfSession(
  control: D1Database,
  by: { token: string } | { id: string },
  now: number,
): Promise<Identity | null> {
  const db = drizzle(control);
  const { id: credential, userId } = authSessions;
  const named = "token" in by ? eq(authSessions.token, by.token) : eq(credential, by.id);
  const row = await db
    .select({ credential, user_id: userId, roles: rolesOf(db, userId), is_confirmed: users.emailVerified })
    .from(authSessions)
    .innerJoin(users, eq(users.id, userId))
    .where(and(named, isOpen(now)))
    .get();
  return row ?? null;
}

/** Whether a user's credential is still valid and the user still a member of an organization. */
export async function admits(
  control: D1Database,
  organization: string,
  { user_id, credential }: Pick<Identity, "user_id" | "credential">,
  now: number,
): Promise<boolean> {
  const { id, userId } = authSessions;
  const isSession = and(eq(id, credential), eq(userId, user_id), isOpen(now));
  const isToken = and(
    eq(apiTokens.id, credential),
    eq(apiTokens.user_id, user_id),
    not(isExcluded(credential, organization)),
  );
  const isMember = and(eq(members.organizationId, organization), eq(members.userId, user_id));
  const isValid = or(hasRow(authSessions, isSession), hasRow(apiTokens, isToken));
  return (await drizzle(control).$count(members, and(isMember, isValid))) > 0;
}

const isOpen = (now: number) => gt(authSessions.expiresAt, new Date(now));

const USER = {
  email: users.email,
  name: users.name,
  email_verified: users.emailVerified,
  created_at: epochMs(users.createdAt),
};

/** The open session that meets the condition. */
function selectSession(db: DrizzleD1Database, condition: SQL, now: number) {
  const { id, token, userId } = authSessions;
  return db
    .select({ id, token, user: { id: userId, ...USER } })
    .from(authSessions)
    .innerJoin(users, eq(users.id, userId))
    .where(and(condition, isOpen(now)));
}

/** The open session of a token. */
export async function findSessionByToken(
  control: D1Database,
  token: string,
  now: number,
): Promise<Session | null> {
  return (await selectSession(drizzle(control), eq(authSessions.token, token), now).get()) ?? null;
}

/** Extends an open session to `until` and returns it; null when it has ended. */
export async function extendSession(
  control: D1Database,
  id: string,
  until: number,
  now: number,
): Promise<Session | null> {
  const db = drizzle(control);
  const named = eq(authSessions.id, id);
  const [, found] = await db.batch([
    db
      .update(authSessions)
      .set({ expiresAt: new Date(until), updatedAt: new Date(now) })
      .where(and(named, isOpen(now))),
    selectSession(db, named, now),
  ]);
  return found[0] ?? null;
}

/** Open sessions of a user, newest first. */
export async function listSessions(
  control: D1Database,
  user: string,
  current: string | null,
  now: number,
): Promise<AuthSession[]> {
  const { id, userId, userAgent, createdAt, expiresAt } = authSessions;
  const rows = await drizzle(control)
    .select({
      id,
      user_agent: sql<string | null>`nullif(${userAgent}, '')`,
      created_at: epochMs(createdAt),
      expires_at: epochMs(expiresAt),
    })
    .from(authSessions)
    .where(and(eq(userId, user), isOpen(now)))
    .orderBy(desc(createdAt));
  return rows.map((row) => ({ ...row, current: row.id === current }));
}

/** Ends a session of the user; false when it is another user's or has ended. */
export async function endSession(control: D1Database, user: string, id: string): Promise<boolean> {
  const { meta } = await drizzle(control)
    .delete(authSessions)
    .where(and(eq(authSessions.id, id), eq(authSessions.userId, user)));
  return meta.changes > 0;
}

/** Deletes a user's ended sessions. */
export async function dropExpiredSessions(control: D1Database, user: string, now: number): Promise<void> {
  await drizzle(control)
    .delete(authSessions)
    .where(and(eq(authSessions.userId, user), lte(authSessions.expiresAt, new Date(now))));
}

/** The user and their organizations; null for an unknown user. */
export async function readMe(
  control: D1Database,
  id: string,
): Promise<{ user: User; organizations: Organization[] } | null> {
  const db = drizzle(control);
  const [[user], joined] = await db.batch([
    db
      .select({ id: users.id, ...USER })
      .from(users)
      .where(eq(users.id, id)),
    db
      .select({ id: organizations.id, name: organizations.name, role: members.role })
      .from(members)
      .innerJoin(organizations, eq(organizations.id, members.organizationId))
      .where(eq(members.userId, id))
      .orderBy(organizations.createdAt),
  ]);
  return user ? { user, organizations: joined } : null;
}

/** Whether an account has this address, in lower case. */
export async function emailExists(control: D1Database, email: string): Promise<boolean> {
  return (await drizzle(control).$count(users, eq(users.email, email))) > 0;
}
