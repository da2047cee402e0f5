/**
 * Registration and sign-in. Refusals are values.
 * @module
 */
import { and, eq, not } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { authSessions, credentials, users } from "../../../schema/tables/control";
import type { Login, Register, User } from "../../../schema/wire/account";
import { fingerprint } from "../../lib/secret";
import { hasRow } from "../../lib/sql";
import { confirmKnown, sendConfirmation } from "./confirmation";
import { isPasswordOf } from "./credentials";
import type { AccountDeps } from "./deps";
import { makePersonalOrganization } from "./organization";
import { refuseSignUp, type SignUpRefusal, undoSignUp } from "./sign-up";
import { dropExpiredSessions, emailExists, findSessionByToken, type Session } from "./store";

/** Why a step was rejected. */
export type Refusal =
  | "confirmation_sign_in_required"
  | "email_taken"
  | "invalid_credentials"
  | "invalid_token"
  | SignUpRefusal;

async function load(deps: AccountDeps) {
  const { makeAuth } = await import("./auth");
  return makeAuth(deps);
}

/** better-auth's error code, e.g. `INVALID_TOKEN`; null for any other error. */
function refusalCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("body" in error)) return null;
  const { body } = error;
  return typeof body === "object" && body !== null && "code" in body ? String(body.code) : null;
}

/** Calls better-auth; returns errors in `refusals` as values and rethrows others. */
async function refusing<T, R extends string>(work: Promise<T>, refusals: Record<string, R>): Promise<T | R> {
  try {
    return await work;
  } catch (error) {
    const refusal = refusals[refusalCode(error) ?? ""];
    if (refusal) return refusal;
    throw error;
  }
}

function headersOf(deps: AccountDeps): Headers {
  return new Headers(deps.userAgent ? { "user-agent": deps.userAgent } : {});
}

/** Creates the account, its personal organization and a session; sends the e-mail that confirms the address. */
export async function register(deps: AccountDeps, wanted: Register): Promise<Session | Refusal> {
  const refusal = await refuseSignUp(deps.control, deps.signUp, wanted);
  if (refusal) return refusal;
  const auth = await load(deps);
  const name = wanted.name ?? wanted.email.split("@")[0] ?? wanted.email;
  const body = { email: wanted.email, password: wanted.password, name };
  const made = await refusing(auth.api.signUpEmail({ body, headers: headersOf(deps) }), {
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "email_taken",
    FAILED_TO_CREATE_USER: "not_made",
  });
  if (made === "not_made") return refuseRegistration(deps, wanted.email);
  if (typeof made === "string") return made;
  const session = await open(deps, made, wanted.invitation);
  return session.user.email_verified ? session : admitUnconfirmed(deps, session, wanted);
}

/** Sends the e-mail that confirms the address. Of two first accounts at once, the second is deleted if the rule refuses it. */
async function admitUnconfirmed(
  deps: AccountDeps,
  session: Session,
  wanted: Register,
): Promise<Session | Refusal> {
  const refusal = await refuseSignUp(deps.control, deps.signUp, wanted);
  if (refusal) {
    await undoSignUp(deps.control, session.user.id);
    return refusal;
  }
  deps.defer(sendConfirmation(deps, session.user));
  return session;
}

/** Of two concurrent registrations the unique index rejects the second; if no account exists, the error was ours. */
async function refuseRegistration(deps: AccountDeps, email: string): Promise<Refusal> {
  if (await emailExists(deps.control, email)) return "email_taken";
  throw new Error("the account could not be created");
}

/**
 * Opens a session when the password is correct. An unknown address takes as long as a wrong password. A password that was
 * changed while it was checked opens none: the change ended only the sessions that there were.
 */
export async function login(deps: AccountDeps, given: Login): Promise<Session | Refusal> {
  const auth = await load(deps);
  const checked = await passwordOf(deps.control, given.email);
  const made = await refusing(auth.api.signInEmail({ body: given, headers: headersOf(deps) }), {
    INVALID_EMAIL_OR_PASSWORD: "invalid_credentials",
  });
  if (typeof made === "string") return made;
  return (await endIfChanged(deps.control, made, checked)) ? "invalid_credentials" : open(deps, made);
}

/** The hash of the address's password. */
async function passwordOf(control: D1Database, email: string): Promise<string | null> {
  const { password } = credentials;
  const found = await drizzle(control)
    .select({ password })
    .from(credentials)
    .innerJoin(users, isPasswordOf(users.id))
    .where(eq(users.email, email))
    .get();
  return found?.password ?? null;
}

/** Ends a new session unless the user's password is the one that was checked; returns whether it ended. */
async function endIfChanged(
  control: D1Database,
  { token, user }: { token: string; user: { id: string } },
  checked: string | null,
): Promise<boolean> {
  const isSame = hasRow(credentials, and(isPasswordOf(user.id), eq(credentials.password, checked ?? "")));
  const { meta } = await drizzle(control)
    .delete(authSessions)
    .where(and(eq(authSessions.token, token), not(isSame)));
  return meta.changes > 0;
}

async function open(
  deps: AccountDeps,
  { token, user }: { token: string | null; user: Pick<User, "id" | "name"> },
  secret?: string,
): Promise<Session> {
  const db = drizzle(deps.control);
  const now = Date.now();
  const invitation = secret === undefined ? null : { hash: await fingerprint(secret), rule: deps.signUp };
  await db.batch([confirmKnown(db, user.id, invitation, now), ...makePersonalOrganization(db, user, now)]);
  const session = token && (await findSessionByToken(deps.control, token, now));
  if (!session) throw new Error("a session was opened but cannot be found");
  deps.defer(dropExpiredSessions(deps.control, session.user.id, Date.now()));
  return session;
}
