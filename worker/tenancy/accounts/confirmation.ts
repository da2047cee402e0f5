/**
 * Confirmed addresses. An address is confirmed by somebody who reads its mail and is signed in to the account: without
 * the second, whoever registered the address of another would profit from a press on an unexpected link. The first
 * account needs no e-mail: it is the deployer's.
 * @module
 */
import { and, eq, lt, not, type SQL, sql } from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { sign, verify } from "hono/jwt";
import { z } from "zod";
import { invitations } from "../../../schema/tables/content";
import { members, organizations, projects, users } from "../../../schema/tables/control";
import { UNCONFIRMED_DAYS } from "../../../schema/wire/account";
import { hasRow } from "../../lib/sql";
import { DAY_MS } from "../../lib/time";
import { secretFor } from "./access-token";
import { changeCredentials, type Ended } from "./credentials";
import type { AccountDeps } from "./deps";
import { isUsable } from "./invitation";
import { verificationMail } from "./mail";

/** Validity of the link. */
const LINK_SECONDS = 86_400;
const claimsSchema = z.object({ sub: z.string(), email: z.string() });

/** Sends the link that confirms the address. */
export async function sendConfirmation(
  deps: AccountDeps,
  user: { id: string; email: string },
): Promise<void> {
  const { id: sub, email } = user;
  const exp = Math.floor(Date.now() / 1000) + LINK_SECONDS;
  const token = await sign({ sub, email, exp }, secretFor("confirm", deps.secret), "HS256");
  await deps.send(verificationMail(email, `${deps.origin}/verify-email?token=${token}`));
}

/** Sends it again when there is such an account and it is not confirmed. Never says which. */
export async function resendVerification(deps: AccountDeps, email: string): Promise<void> {
  const user = await drizzle(deps.control)
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(eq(users.email, email), isUnconfirmed))
    .get();
  if (user) await sendConfirmation(deps, user);
}

async function readLink(secret: string, token: string) {
  try {
    return claimsSchema.parse(await verify(token, secretFor("confirm", secret), "HS256"));
  } catch {
    return null;
  }
}

const isUnconfirmed = eq(users.emailVerified, false);

/** Whether the account's address is not confirmed; before `confirm` in a batch. */
export const hasUnconfirmed = (user: string): SQL => hasRow(users, and(eq(users.id, user), isUnconfirmed));

/** Confirms the address. The first time, invitations that the account sent are withdrawn: they may be another person's. */
export function confirm(db: DrizzleD1Database, user: string) {
  return [
    db.delete(invitations).where(and(eq(invitations.invited_by, user), hasUnconfirmed(user))),
    db.update(users).set({ emailVerified: true }).where(eq(users.id, user)),
  ];
}

/**
 * Confirms the address by the link of the e-mail, for the person who is signed in, and ends what the account made or
 * opened before. Doing it again is no error.
 */
export async function verifyEmail(
  deps: AccountDeps,
  token: string,
  caller: { user_id: string; session_id: string | null } | null,
): Promise<Ended | "invalid_token" | "confirmation_sign_in_required"> {
  const claims = await readLink(deps.secret, token);
  if (!claims) return "invalid_token";
  const db = drizzle(deps.control);
  const { sub: user, email } = claims;
  const named = and(eq(users.id, user), eq(users.email, email));
  const found = await db.select({ confirmed: users.emailVerified }).from(users).where(named).get();
  if (!found) return "invalid_token";
  const nothing = { credentials: [], organizations: [] };
  if (found.confirmed) return nothing;
  if (!caller?.session_id || caller.user_id !== user) return "confirmation_sign_in_required";
  const condition = hasRow(users, and(named, isUnconfirmed));
  const change = { user, condition, writes: confirm(db, user), keep: caller.session_id, endsTokens: true };
  return (await changeCredentials(deps.control, change)) ?? nothing;
}

/**
 * Confirms a new account that needs no link: the oldest, or one that was made by an invitation that was e-mailed to its
 * address. `invitation` is the fingerprint of its secret.
 */
export function confirmKnown(db: DrizzleD1Database, user: string, invitation: string | null, now: number) {
  const { hash, email, by_mail } = invitations;
  const isInvited = and(eq(hash, invitation ?? ""), eq(email, users.email), eq(by_mail, true), isUsable(now));
  const isKnown = sql`(${isOldest} OR ${hasRow(invitations, isInvited)})`;
  return db
    .update(users)
    .set({ emailVerified: true })
    .where(and(eq(users.id, user), isUnconfirmed, isKnown));
}

/** Row ids ascend in the order in which accounts are made, so that of two at once one is the first. */
const isOldest = sql`users.rowid = (SELECT min(rowid) FROM users)`;

/** Most accounts that one run deletes. */
const MOST_EXPIRED = 500;

/**
 * Deletes accounts, with organizations of theirs alone, that have confirmed no address for `UNCONFIRMED_DAYS` and have
 * no project. The oldest account stays.
 */
export async function expireUnconfirmed(control: D1Database, now: number): Promise<void> {
  const db = drizzle(control);
  const { id, createdAt } = users;
  const used = db
    .select({ one: sql`1` })
    .from(members)
    .innerJoin(projects, eq(projects.organization_id, members.organizationId))
    .where(eq(members.userId, id));
  const isOver = lt(createdAt, new Date(now - UNCONFIRMED_DAYS * DAY_MS));
  const found = await db
    .select({ id })
    .from(users)
    .where(and(isUnconfirmed, isOver, not(isOldest), sql`NOT EXISTS ${used}`))
    .limit(MOST_EXPIRED);
  if (!found.length) return;
  const expired = sql`(SELECT value FROM json_each(${JSON.stringify(found.map((user) => user.id))}))`;
  const isTheirs = and(eq(members.organizationId, organizations.id), sql`${members.userId} IN ${expired}`);
  const isOthers = and(
    eq(members.organizationId, organizations.id),
    sql`${members.userId} NOT IN ${expired}`,
  );
  const isEmpty = sql`NOT ${hasRow(projects, eq(projects.organization_id, organizations.id))}`;
  await db.batch([
    db
      .delete(organizations)
      .where(and(hasRow(members, isTheirs), sql`NOT ${hasRow(members, isOthers)}`, isEmpty)),
    db.delete(users).where(and(sql`${id} IN ${expired}`, isUnconfirmed, sql`NOT EXISTS ${used}`)),
  ]);
}
