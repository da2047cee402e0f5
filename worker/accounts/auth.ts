/**
 * better-auth on the control database: passwords, verification and reset. It is loaded and built when a person
 * signs in and at no other time: the two modules are a third of a megabyte that ingest must not evaluate, and a
 * context shared between requests would let one wait on another's input and output, which workerd refuses.
 * Reading who calls is ours (`store.ts`), because it must be one query.
 * @module
 */
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { authSessions, credentials, users, verifications } from "../../schema/tables/control";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../../schema/wire/account";
import { type Mail, resetMail, verificationMail } from "./mail";
import { hashPassword, verifyPassword } from "./password";

/** What signing in needs from the outside. */
export interface AccountDeps {
  control: D1Database;
  /** The deployment's `AUTH_SECRET`. */
  secret: string;
  /** Where the app answers, for links in e-mails, e.g. `https://stats.example.com`. */
  origin: string;
  /** Shown in the list of sessions. */
  userAgent: string | null;
  send(mail: Mail): Promise<void>;
  /** Lets work outlive the answer, so that its duration says nothing about whether an address is known. */
  defer(work: Promise<unknown>): void;
}

/** How long a session lives without being refreshed. */
export const SESSION_MS = 30 * 86_400_000;

/** better-auth for one request. About 1 ms once its modules are loaded. */
export async function makeAuth(deps: AccountDeps) {
  const [{ betterAuth }, { drizzleAdapter }] = await Promise.all([
    import("better-auth/minimal"),
    import("better-auth/adapters/drizzle"),
  ]);
  const schema = { user: users, session: authSessions, account: credentials, verification: verifications };
  return betterAuth({
    appName: "Selvedge",
    baseURL: deps.origin,
    secret: deps.secret,
    database: drizzleAdapter(drizzle(deps.control), { provider: "sqlite", schema }),
    session: { expiresIn: SESSION_MS / 1000 },
    verification: { storeIdentifier: "hashed" },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(password, hash) },
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, token }) =>
        deps.send(resetMail(user.email, `${deps.origin}/reset-password?token=${token}`)),
    },
    emailVerification: {
      sendOnSignUp: true,
      expiresIn: 86_400,
      sendVerificationEmail: ({ user, token }) =>
        deps.send(verificationMail(user.email, `${deps.origin}/verify-email?token=${token}`)),
    },
    advanced: {
      database: { generateId: () => ulid().toLowerCase(), validateSchema: false },
      ipAddress: { disableIpTracking: true },
      backgroundTasks: { handler: deps.defer },
    },
    // Limits are the platform's (worker/api/limit.ts); better-auth's live in one isolate's memory.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: "error", log: logFailure },
  });
}

/** What better-auth says of a failure, without the statement and its parameters, which hold addresses. */
function logFailure(level: string, message: string, ...details: unknown[]): void {
  const causes = details.map((detail) => (detail instanceof Error ? String(detail.cause ?? detail) : ""));
  console.error(JSON.stringify({ message: `better-auth: ${message}`, level, causes }));
}

/** better-auth's code of a refusal, e.g. `INVALID_TOKEN`; null for anything else thrown. */
export function refusalCode(error: unknown): string | null {
  if (!(error instanceof Error) || !("body" in error)) return null;
  const { body } = error;
  return typeof body === "object" && body !== null && "code" in body ? String(body.code) : null;
}
