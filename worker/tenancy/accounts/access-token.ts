/**
 * Access tokens: JWTs signed with HMAC-SHA-256 that contain a user and a sign-in session. The session is looked up at each
 * use, so that revoking it invalidates its tokens.
 * @module
 */
import { sign, verify } from "hono/jwt";
import { z } from "zod";
import { ACCESS_TOKEN_SECONDS } from "../../../schema/wire/account";

const ISSUER = "selvedge";
const claimsSchema = z.object({ sub: z.string(), sid: z.string(), iss: z.literal(ISSUER) });

/**
 * Derives a secret for one purpose from the deployment's, so that a signature for one purpose is invalid for another. Throws
 * when the deployment's has less than 32 characters.
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

/** Session id of a valid token, else null. */
export async function readAccessToken(secret: string, token: string): Promise<string | null> {
  const key = secretFor("access", secret);
  try {
    return claimsSchema.parse(await verify(token, key, "HS256")).sid;
  } catch {
    return null;
  }
}
