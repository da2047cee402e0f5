/**
 * Changes an account's credentials. Every change goes through here and is one transaction with what it ends, so that no old
 * credential stays valid. Access tokens end with their sign-in session.
 * @module
 */
import { and, type Column, eq, ne, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { apiTokens, authSessions, credentials, members, verifications } from "../../../schema/tables/control";
import { guard, isGuardFailure } from "../../lib/guard";
import { hasRow, insertWhen } from "../../lib/sql";

/** better-auth's id of the password provider. */
const PASSWORD = "credential";

/** A change of an account's credentials. */
export interface CredentialChange {
  user: string;
  /** The condition for the change; when it is false, nothing is written. */
  condition: SQL;
  /** Statements of the change, after those that end older credentials. */
  writes: BatchItem<"sqlite">[];
  /** Sign-in session that stays open; null ends all. */
  keep: string | null;
  /** Whether personal tokens end as well. */
  endsTokens: boolean;
}

/**
 * Result of a change: ids of the ended sign-in sessions and tokens, and the organizations in which they may have live
 * sockets.
 */
export interface Ended {
  credentials: string[];
  organizations: string[];
}

/** Changes credentials and ends the account's older sessions, reset links and tokens; null when the condition was false. */
export async function changeCredentials(
  control: D1Database,
  { user, condition, writes, keep, endsTokens }: CredentialChange,
): Promise<Ended | null> {
  const db = drizzle(control);
  const { id, userId } = authSessions;
  try {
    const [, sessions, tokens, joined] = await db.batch([
      guard(db, condition),
      db
        .delete(authSessions)
        .where(and(eq(userId, user), keep === null ? undefined : ne(id, keep)))
        .returning({ id }),
      db
        .delete(apiTokens)
        .where(and(eq(apiTokens.user_id, user), endsTokens ? undefined : sql`false`))
        .returning({ id: apiTokens.id }),
      db.select({ id: members.organizationId }).from(members).where(eq(members.userId, user)),
      db.delete(verifications).where(eq(verifications.value, user)),
      ...writes,
    ]);
    const ids = (rows: { id: string }[]) => rows.map((row) => row.id);
    return { credentials: [...ids(sessions), ...ids(tokens)], organizations: ids(joined) };
  } catch (error) {
    if (isGuardFailure(error)) return null;
    throw error;
  }
}

/** The row of the user's password. */
export const isPasswordOf = (user: string | Column) =>
  and(eq(credentials.userId, user), eq(credentials.providerId, PASSWORD));

/** Sets the user's password; inserts it if an interrupted registration stored none. */
export function setPassword(db: DrizzleD1Database, user: string, hash: string, now: number) {
  const updatedAt = new Date(now);
  const id = ulid(now).toLowerCase();
  const row = { id, userId: user, accountId: user, providerId: PASSWORD, createdAt: updatedAt, updatedAt };
  return [
    insertWhen(db, credentials, row, sql`NOT ${hasRow(credentials, isPasswordOf(user))}`),
    db.update(credentials).set({ password: hash, updatedAt }).where(isPasswordOf(user)),
  ];
}

/** Ends every sign-in session of the account; its personal tokens stay. */
export async function signOutEverywhere(control: D1Database, user: string): Promise<Ended | null> {
  return changeCredentials(control, {
    user,
    condition: sql`true`,
    writes: [],
    keep: null,
    endsTokens: false,
  });
}
