/**
 * Confirmed addresses. Confirming takes both the link of the e-mail and a sign-in: otherwise someone who registered another
 * person's address would benefit when that person opens the link. The first account needs no e-mail, because it is the
 * deployer's.
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
import type { SignUpRule } from "./sign-up";

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

/** Sends it again when the account exists and is not confirmed. The result does not reveal which. */
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

/** Condition that the account's address is not confirmed; before `confirm` in a batch. */
export const hasUnconfirmed = (user: string): SQL => hasRow(users, and(eq(users.id, user), isUnconfirmed));

/** Confirms the address. The first time, invitations sent by the account are revoked, because they may be another person's. */
export function confirm(db: DrizzleD1Database, user: string) {
  return [
    db.delete(invitations).where(and(eq(invitations.invited_by, user), hasUnconfirmed(user))),
    db.update(users).set({ emailVerified: true }).where(eq(users.id, user)),
  ];
}

/**
 * Confirms the address of the signed-in user by the link of the e-mail, and ends what the account created or opened before.
 * Idempotent.
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
 * Confirms a new account that needs no link: the oldest, or one registered through an invitation to its address, whose
 * secret has the hash. The invitation must have been e-mailed, unless accounts require an invitation: then the inviter
 * is trusted with the address, so that a deployment without e-mail can have more than one member.
 */
export function confirmKnown(
  db: DrizzleD1Database,
  user: string,
  invitation: { hash: string; rule: SignUpRule } | null,
  now: number,
) {
  const { hash, email, by_mail } = invitations;
  const isInvited = and(
    eq(hash, invitation?.hash ?? ""),
    eq(email, users.email),
    invitation?.rule.mode === "invite" ? undefined : eq(by_mail, true),
    isUsable(now),
  );
  const isKnown = sql`(${isOldest} OR ${hasRow(invitations, isInvited)})`;
  return db
    .update(users)
    .set({ emailVerified: true })
    .where(and(eq(users.id, user), isUnconfirmed, isKnown));
}

/** Row ids ascend in order of creation, so that exactly one of two concurrent accounts is the first. */
const isOldest = sql`users.rowid = (SELECT min(rowid) FROM users)`;

/** Maximum number of accounts deleted per run. */
const MOST_EXPIRED = 500;

/**
 * Deletes accounts that have not confirmed an address for `UNCONFIRMED_DAYS` and have no project, with the organizations of
 * which they are the only member. The oldest account stays.
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
