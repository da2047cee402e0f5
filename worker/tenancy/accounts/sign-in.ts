/**
 * Making an account, signing in, and the two flows that go through an e-mail. Refusals are values.
 * @module
 */
import type { Login, Register } from "../../../schema/wire/account";
import type { AccountDeps } from "./deps";
import { ensurePersonalOrganization } from "./organization";
import { dropExpiredSessions, emailExists, findSessionByToken, type Session } from "./store";

/** Why a step was refused. */
export type Refusal = "email_taken" | "invalid_credentials" | "invalid_token";

async function load(deps: AccountDeps) {
  const { makeAuth } = await import("./auth");
  return makeAuth(deps);
}

/** better-auth's code of a refusal, e.g. `INVALID_TOKEN`; null for anything else thrown. */
function refusalCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("body" in error)) return null;
  const { body } = error;
  return typeof body === "object" && body !== null && "code" in body ? String(body.code) : null;
}

/** Calls better-auth; one of `refusals` becomes its value, anything else is thrown on. */
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

/** Makes the account, its personal organization and a session; sends the verification e-mail. */
export async function register(deps: AccountDeps, wanted: Register): Promise<Session | Refusal> {
  const auth = await load(deps);
  const name = wanted.name ?? wanted.email.split("@")[0] ?? wanted.email;
  const body = { email: wanted.email, password: wanted.password, name };
  const made = await refusing(auth.api.signUpEmail({ body, headers: headersOf(deps) }), {
    USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: "email_taken",
    FAILED_TO_CREATE_USER: "not_made",
  });
  if (made === "not_made") return lostTheRace(deps, wanted.email);
  return typeof made === "string" ? made : open(deps, made.token);
}

/** Of two registrations at once the unique index refuses the second; without a first it was our failure. */
async function lostTheRace(deps: AccountDeps, email: string): Promise<Refusal> {
  if (await emailExists(deps.control, email)) return "email_taken";
  throw new Error("the account could not be made");
}

/** Opens a session when the password fits. An unknown address takes as long as a wrong password. */
export async function login(deps: AccountDeps, given: Login): Promise<Session | Refusal> {
  const auth = await load(deps);
  const made = await refusing(auth.api.signInEmail({ body: given, headers: headersOf(deps) }), {
    INVALID_EMAIL_OR_PASSWORD: "invalid_credentials",
  });
  return typeof made === "string" ? made : open(deps, made.token);
}

async function open(deps: AccountDeps, token: string | null): Promise<Session> {
  const session = token && (await findSessionByToken(deps.control, token, Date.now()));
  if (!session) throw new Error("a session was opened but cannot be found");
  await ensurePersonalOrganization(deps.control, session.user, Date.now());
  deps.defer(dropExpiredSessions(deps.control, session.user.id, Date.now()));
  return session;
}

/** Marks the address confirmed by the token from the e-mail. Doing it again is no error. */
export async function verifyEmail(deps: AccountDeps, token: string): Promise<Refusal | null> {
  const auth = await load(deps);
  const done = await refusing(auth.api.verifyEmail({ query: { token } }), {
    INVALID_TOKEN: "invalid_token",
    TOKEN_EXPIRED: "invalid_token",
    USER_NOT_FOUND: "invalid_token",
  });
  return typeof done === "string" ? done : null;
}

/** Sends the verification e-mail again when there is such an account and it is not verified. Never says which. */
export async function resendVerification(deps: AccountDeps, email: string): Promise<void> {
  const auth = await load(deps);
  await auth.api.sendVerificationEmail({ body: { email } });
}

/** Sends the reset e-mail when there is such an account. Never says whether. */
export async function forgotPassword(deps: AccountDeps, email: string): Promise<void> {
  const auth = await load(deps);
  await auth.api.requestPasswordReset({ body: { email } });
}

/** Sets the password by the one-use token from the e-mail and ends every session of the account. */
export async function resetPassword(
  deps: AccountDeps,
  token: string,
  newPassword: string,
): Promise<Refusal | null> {
  const auth = await load(deps);
  const done = await refusing(auth.api.resetPassword({ body: { token, newPassword } }), {
    INVALID_TOKEN: "invalid_token",
    USER_NOT_FOUND: "invalid_token",
  });
  return typeof done === "string" ? done : null;
}
