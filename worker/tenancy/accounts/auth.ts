/**
 * better-auth on the control database: making an account and checking its password. `sign-in.ts` loads this module when
 * somebody signs in and at no other time, because it weighs a third of a megabyte that ingest must not evaluate, and
 * builds it for one request, because a context shared between requests would let one wait on another's input and
 * output, which workerd refuses. Reading who calls is ours (`store.ts`), because it must be one query.
 * @module
 */
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { betterAuth } from "better-auth/minimal";
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import { authSessions, credentials, users, verifications } from "../../../schema/tables/control";
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from "../../../schema/wire/account";
import { logWarning } from "../../lib/log";
import { secretFor } from "./access-token";
import { type AccountDeps, SESSION_MS } from "./deps";
import { hashPassword, verifyPassword } from "./password";

/** better-auth for one request. About 1 ms once its modules are loaded. */
export function makeAuth(deps: AccountDeps) {
  const schema = { user: users, session: authSessions, account: credentials, verification: verifications };
  return betterAuth({
    appName: "Selvedge",
    baseURL: deps.origin,
    secret: secretFor("sign-in", deps.secret),
    database: drizzleAdapter(drizzle(deps.control), { provider: "sqlite", schema }),
    session: { expiresIn: SESSION_MS / 1000 },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: MIN_PASSWORD_LENGTH,
      maxPasswordLength: MAX_PASSWORD_LENGTH,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(password, hash) },
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
  logWarning(`better-auth: ${message}`, { authLevel: level, causes });
}
