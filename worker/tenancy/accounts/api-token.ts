/**
 * Personal API tokens: shown once, stored as a hash.
 * @module
 */
import { and, desc, eq, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { apiTokens, authSessions, users } from "../../../schema/tables/control";
import { MAX_TOKENS, type Token } from "../../../schema/wire/account";
import type { Scope } from "../../../schema/wire/project";
import { fingerprint, randomSecret } from "../../lib/secret";
import { hasRow, insertWhen } from "../../lib/sql";
import { HOUR_MS } from "../../lib/time";
import { type Identity, rolesOf } from "./store";

const PREFIX = "sel_";

/** Whether a bearer value has the format of a personal token. */
export function isApiToken(bearer: string): boolean {
  return bearer.startsWith(PREFIX);
}

/**
 * Creates a token of the sign-in session's user; null when they already have `MAX_TOKENS`, or when the session has ended
 * meanwhile: what ended it may have ended the user's tokens too.
 */
export async function createToken(
  control: D1Database,
  { user_id: user, session_id }: { user_id: string; session_id: string | null },
  wanted: { name: string; scopes: Scope[] },
  now: number,
): Promise<{ id: string; token: string } | null> {
  const id = ulid(now).toLowerCase();
  const token = PREFIX + randomSecret(32);
  const row = { ...wanted, id, user_id: user, hash: await fingerprint(token), created_at: now };
  const db = drizzle(control);
  const count = db.$count(apiTokens, eq(apiTokens.user_id, user));
  const isSignedIn = hasRow(
    authSessions,
    and(eq(authSessions.id, session_id ?? ""), eq(authSessions.userId, user)),
  );
  const { meta } = await insertWhen(db, apiTokens, row, sql`${count} < ${MAX_TOKENS} AND ${isSignedIn}`);
  return meta.changes > 0 ? { id, token } : null;
}

/** The user's tokens, newest first, without their secrets. */
export async function listTokens(control: D1Database, user: string): Promise<Token[]> {
  const { id, name, scopes, created_at, last_used_at } = apiTokens;
  return drizzle(control)
    .select({ id, name, scopes, created_at, last_used_at })
    .from(apiTokens)
    .where(eq(apiTokens.user_id, user))
    .orderBy(desc(id));
}

/** Revokes a token of the user; false when the user has no such token. */
export async function deleteToken(control: D1Database, user: string, id: string): Promise<boolean> {
  const { meta } = await drizzle(control)
    .delete(apiTokens)
    .where(and(eq(apiTokens.id, id), eq(apiTokens.user_id, user)));
  return meta.changes > 0;
}

/** The identity and scopes of a token. Its use is recorded through `defer`, at most once an hour. */
export async function identityOfToken(
  control: D1Database,
  token: string,
  now: number,
  defer: (work: Promise<unknown>) => void,
): Promise<(Identity & { scopes: Scope[] }) | null> {
  const db = drizzle(control);
  const { id, user_id, scopes, last_used_at } = apiTokens;
  const row = await db
    .select({
      ...{ id, user_id, scopes, last_used_at },
      ...{ roles: rolesOf(db, user_id, id), is_confirmed: users.emailVerified },
    })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, user_id))
    .where(eq(apiTokens.hash, await fingerprint(token)))
    .get();
  if (!row) return null;
  if ((row.last_used_at ?? 0) <= now - HOUR_MS) {
    defer(db.update(apiTokens).set({ last_used_at: now }).where(eq(id, row.id)).execute());
  }
  const { id: credential, last_used_at: _, ...identity } = row;
  return { ...identity, credential };
}
