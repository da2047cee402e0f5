/**
 * New passwords: by an e-mailed link, or while signed in.
 * @module
 */
import { and, eq, gt, isNull, lte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { links } from "../../../schema/tables/content";
import { credentials, users, verifications } from "../../../schema/tables/control";
import { fingerprint, randomSecret } from "../../lib/secret";
import { hasRow } from "../../lib/sql";
import { HOUR_MS } from "../../lib/time";
import { confirm, hasUnconfirmed } from "./confirmation";
import { changeCredentials, type Ended, isPasswordOf, setPassword } from "./credentials";
import type { AccountDeps } from "./deps";
import { resetMail } from "./mail";
import { hashPassword, verifyPassword } from "./password";

/** Sends the reset e-mail if the account exists. The result does not reveal it. */
export async function forgotPassword({ control, origin, send }: AccountDeps, email: string): Promise<void> {
  const db = drizzle(control);
  const user = await db.select({ id: users.id }).from(users).where(eq(users.email, email)).get();
  if (!user) return;
  const token = randomSecret(32);
  const at = new Date();
  const isOver = and(eq(verifications.value, user.id), lte(verifications.expiresAt, at));
  await db.batch([
    db.delete(verifications).where(isOver),
    db.insert(verifications).values({
      id: ulid().toLowerCase(),
      identifier: await fingerprint(token),
      value: user.id,
      expiresAt: new Date(at.getTime() + HOUR_MS),
      createdAt: at,
      updatedAt: at,
    }),
  ]);
  await send(resetMail(email, `${origin}/reset-password?token=${token}`));
}

/**
 * Sets the password by the one-time secret of the link, which also confirms the address. Ends all older credentials; for an
 * account that was never confirmed also its public links, because another person may have created them.
 */
export async function resetPassword(
  control: D1Database,
  token: string,
  password: string,
): Promise<Ended | "invalid_token"> {
  const db = drizzle(control);
  const now = Date.now();
  const { identifier, expiresAt, value } = verifications;
  const isOpen = and(eq(identifier, await fingerprint(token)), gt(expiresAt, new Date(now)));
  const found = await db.select({ user: value }).from(verifications).where(isOpen).get();
  if (!found) return "invalid_token";
  const { user } = found;
  const isMade = and(eq(links.created_by, user), isNull(links.revoked_at), hasUnconfirmed(user));
  const writes = [
    ...setPassword(db, user, await hashPassword(password), now),
    db.update(links).set({ revoked_at: now }).where(isMade),
    ...confirm(db, user),
  ];
  const change = { user, condition: hasRow(verifications, isOpen), writes, keep: null, endsTokens: true };
  return (await changeCredentials(control, change)) ?? "invalid_token";
}

/**
 * Changes the password of the signed-in user. Ends the other sign-in sessions and all reset links. Personal tokens stay, as
 * on GitHub: they belong to programs and are revoked in their own list.
 */
export async function changePassword(
  control: D1Database,
  { user_id: user, session_id: keep }: { user_id: string; session_id: string | null },
  wanted: { current_password: string; password: string },
): Promise<Ended | "invalid_credentials"> {
  const db = drizzle(control);
  const { password } = credentials;
  const stored = await db.select({ password }).from(credentials).where(isPasswordOf(user)).get();
  if (!stored?.password || !(await verifyPassword(wanted.current_password, stored.password))) {
    return "invalid_credentials";
  }
  const condition = hasRow(credentials, and(isPasswordOf(user), eq(password, stored.password)));
  const writes = setPassword(db, user, await hashPassword(wanted.password), Date.now());
  const change = { user, condition, writes, keep, endsTokens: false };
  return (await changeCredentials(control, change)) ?? "invalid_credentials";
}
