/**
 * Access tokens: JWTs signed with HMAC-SHA-256, naming a user and the session behind them. The session is looked
 * up at each use, so that revoking it ends its tokens too.
 * @module
 */
import { sign, verify } from "hono/jwt";
import { z } from "zod";
import { ACCESS_TOKEN_SECONDS } from "../../../schema/wire/account";

const ISSUER = "selvedge";
const claimsSchema = z.object({ sub: z.string(), sid: z.string(), iss: z.literal(ISSUER) });

/**
 * The deployment's secret bound to one purpose, so that what was signed for one is worthless for another.
 * Throws when the deployment has none of 32 characters or more.
 */
export function secretFor(
  purpose: "access" | "confirm" | "cookie" | "link" | "sign-in",
  secret: string | undefined,
): string {
  if (!secret || secret.length < 32) {
    throw new Error(
      `AUTH_SECRET has ${secret?.length ?? 0} characters, expected 32 or more: wrangler secret put AUTH_SECRET`,
    );
  }
  return `${purpose}:${secret}`;
}

/** A token for the session, valid `ACCESS_TOKEN_SECONDS` from `now` (epoch ms). */
export function signAccessToken(
  secret: string,
  session: { id: string; user_id: string },
  now: number,
): Promise<string> {
  const iat = Math.floor(now / 1000);
  const claims = { iss: ISSUER, sub: session.user_id, sid: session.id, iat, exp: iat + ACCESS_TOKEN_SECONDS };
  return sign(claims, secretFor("access", secret), "HS256");
}

/** Session id of a token that is ours and not expired, else null. */
export async function readAccessToken(secret: string, token: string): Promise<string | null> {
  const key = secretFor("access", secret);
  try {
    return claimsSchema.parse(await verify(token, key, "HS256")).sid;
  } catch {
    return null;
  }
}
