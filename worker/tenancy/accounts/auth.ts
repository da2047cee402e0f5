/**
 * better-auth on the control database: creates accounts and checks passwords. Only `sign-in.ts` loads this module, when
 * someone signs in, because ingest must not evaluate its third of a megabyte. An instance serves one request, because workerd
 * does not let a request wait for I/O of another. Identifying callers is our own code (`store.ts`), because it must be one
 * query.
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
    // Rate limits are the platform's (worker/api/limit.ts); better-auth's are in the memory of one isolate.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { level: "error", log: logFailure },
  });
}

/** Logs better-auth's errors without the statement and its parameters, which contain addresses. */
function logFailure(level: string, message: string, ...details: unknown[]): void {
  const causes = details.map((detail) => (detail instanceof Error ? String(detail.cause ?? detail) : ""));
  logWarning(`better-auth: ${message}`, { authLevel: level, causes });
}
