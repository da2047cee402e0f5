/**
 * Request → caller: a bearer token if there is one, else the session cookie.
 * @module
 */
import { waitUntil } from "cloudflare:workers";
import type { Context } from "hono";
import { deleteCookie, getSignedCookie, setSignedCookie } from "hono/cookie";
import { SCOPES } from "../../schema/wire/project";
import {
  type Identity,
  identityOfSession,
  identityOfToken,
  isApiToken,
  readAccessToken,
  SESSION_MS,
  secretFor,
} from "../tenancy/accounts";
import type { AppEnv, Caller } from "./context";
import { problem } from "./errors";

/** hono's context is invariant in its variables; these functions accept any. */
type Ctx<E extends AppEnv> = Context<E>;

/** The authenticated caller; null without credentials or with expired ones. */
export async function callerOf<E extends AppEnv>(c: Ctx<E>): Promise<Caller | null> {
  const authorization = c.req.header("authorization");
  if (authorization !== undefined) return bearerCaller(c.env, authorization);
  const token = await getSignedCookie(c, secretFor("cookie", c.env.AUTH_SECRET), cookieName(c));
  if (!token) return null;
  const session = await identityOfSession(c.env.CONTROL, { token }, Date.now());
  if (!session) return null;
  if (!isSafe(c.req.method) && !fromOurPage(c)) {
    problem(
      "cross_site_request",
      "A session cookie is accepted from the app's own pages only: send a bearer token",
    );
  }
  return signedIn(session);
}

const signedIn = (session: Identity): Caller => ({
  ...session,
  session_id: session.credential,
  scopes: [...SCOPES],
});

async function bearerCaller(env: Env, authorization: string): Promise<Caller | null> {
  const bearer = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1];
  if (!bearer) return null;
  if (isApiToken(bearer)) {
    const identity = await identityOfToken(env.CONTROL, bearer, Date.now(), waitUntil);
    return identity && { ...identity, session_id: null };
  }
  const id = await readAccessToken(env.AUTH_SECRET, bearer);
  const session = id && (await identityOfSession(env.CONTROL, { id }, Date.now()));
  return session ? signedIn(session) : null;
}

/** Sets the session cookie: not readable by scripts, not sent from other sites, HTTPS only on HTTPS hosts. */
export async function setSessionCookie<E extends AppEnv>(c: Ctx<E>, token: string): Promise<void> {
  await setSignedCookie(c, cookieName(c), token, secretFor("cookie", c.env.AUTH_SECRET), {
    path: "/",
    httpOnly: true,
    sameSite: "Lax",
    secure: isHttps(c),
    maxAge: SESSION_MS / 1000,
  });
}

/** Deletes the session cookie. */
export function clearSessionCookie<E extends AppEnv>(c: Ctx<E>): void {
  deleteCookie(c, cookieName(c), { path: "/", secure: isHttps(c) });
}

/** Refuses an unsafe request that the browser reports as made by another site. Needs no credentials. */
export function refuseCrossSite<E extends AppEnv>(c: Ctx<E>): void {
  if (isSafe(c.req.method)) return;
  if (c.req.header("sec-fetch-site") === "cross-site")
    problem("cross_site_request", "Requests from other sites are not allowed");
}

/**
 * Whether the browser reports that the request is from a page of this origin. Sec-Fetch-Site cannot be set
 * by scripts and is sent by every current browser to trustworthy origins; Origin covers plain-http hosts.
 */
function fromOurPage<E extends AppEnv>(c: Ctx<E>): boolean {
  const site = c.req.header("sec-fetch-site");
  return site ? site === "same-origin" : c.req.header("origin") === new URL(c.req.url).origin;
}

function isSafe(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function isHttps<E extends AppEnv>(c: Ctx<E>): boolean {
  return new URL(c.req.url).protocol === "https:";
}

/** `__Host-` binds the cookie to this host and to HTTPS (RFC 6265bis 4.1.3.2). */
function cookieName<E extends AppEnv>(c: Ctx<E>): string {
  return isHttps(c) ? "__Host-selvedge_session" : "selvedge_session";
}
