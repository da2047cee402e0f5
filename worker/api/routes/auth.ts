/**
 * Registering, signing in and out, sessions.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import {
  ACCESS_TOKEN_SECONDS,
  type Access,
  accessSchema,
  authSessionSchema,
  loginSchema,
  meSchema,
  registerSchema,
  signUpSchema,
} from "../../../schema/wire/account";
import {
  endSession,
  extendSession,
  listSessions,
  login,
  readMe,
  readSignUp,
  register,
  SESSION_MS,
  type Session,
  signAccessToken,
  signOutEverywhere,
  signUpRule,
} from "../../tenancy/accounts";
import { announceEnded } from "../announce";
import { callerOf, clearSessionCookie, setSessionCookie } from "../caller";
import type { AppEnv, Caller } from "../context";
import { problem } from "../errors";
import { limitAuth } from "../limit";
import { depsOf, refuse } from "../request-context";
import { answers, done, idParameter, json, route } from "../route";
import { recoveryRoutes } from "./recovery";

const tags = ["Accounts"];

async function grant<E extends AppEnv>(c: Context<E>, session: Session): Promise<Access> {
  const { id, user } = session;
  await setSessionCookie(c, session.token);
  c.header("cache-control", "no-store");
  return {
    access_token: await signAccessToken(c.env.AUTH_SECRET, { id, user_id: user.id }, Date.now()),
    token_type: "Bearer",
    expires_in: ACCESS_TOKEN_SECONDS,
    user,
  };
}

const registerRoute = route({
  method: "post",
  path: "/auth/register",
  access: "anyone",
  tags,
  summary: "Create an account",
  description:
    "Creates the account with a personal organization, opens a session (also as a cookie) and sends the e-mail that " +
    "confirms the address. Confirmed at once are the first account, and one that states an invitation which was e-mailed " +
    "to its address. The deployment may refuse new accounts: see `GET /auth/sign-up`.",
  request: json(registerSchema),
  responses: answers(201, accessSchema, "The account and an access token"),
});

const signUpRoute = route({
  method: "get",
  path: "/auth/sign-up",
  access: "anyone",
  tags,
  summary: "Who may create an account",
  responses: answers(200, signUpSchema, "The deployment's setting"),
});

const loginRoute = route({
  method: "post",
  path: "/auth/login",
  access: "anyone",
  tags,
  summary: "Sign in",
  request: json(loginSchema),
  responses: answers(200, accessSchema, "An access token; the session is also set as a cookie"),
});

const logoutRoute = route({
  method: "post",
  path: "/auth/logout",
  access: "anyone",
  tags,
  summary: "End the session of the cookie or access token",
  responses: done("Signed out; also when the session had ended already"),
});

const refreshRoute = route({
  method: "post",
  path: "/auth/refresh",
  access: "account",
  tags,
  summary: "Get a new access token and extend the session",
  responses: answers(200, accessSchema, "The new access token"),
});

const meRoute = route({
  method: "get",
  path: "/auth/me",
  access: "account",
  tags,
  summary: "Get the signed-in user",
  responses: answers(200, meSchema, "The user and their organizations"),
});

const sessionsRoute = route({
  method: "get",
  path: "/auth/sessions",
  access: "account",
  tags,
  summary: "Open sessions of the account",
  responses: answers(200, z.object({ data: z.array(authSessionSchema) }), "Newest first"),
});

const endSessionRoute = route({
  method: "delete",
  path: "/auth/sessions/{id}",
  access: "account",
  tags,
  summary: "End a session of the account",
  request: { params: z.object({ id: idParameter }) },
  responses: done("Ended; its access tokens stop working at once"),
});

const endSessionsRoute = route({
  method: "delete",
  path: "/auth/sessions",
  access: "account",
  tags,
  summary: "Sign out everywhere",
  description: "Ends every session of the account, also this one. Personal tokens stay.",
  responses: done("Ended; access tokens stop working at once"),
});

/** Ends a session of the caller's account and closes its live sockets; false when there is no such session. */
async function endOne(env: Env, { user_id, roles }: Caller, id: string): Promise<boolean> {
  const isEnded = await endSession(env.CONTROL, user_id, id);
  if (isEnded) announceEnded(env, { credentials: [id], organizations: Object.keys(roles) });
  return isEnded;
}

/** Everything under /auth. */
export const authRoutes = new OpenAPIHono<AppEnv>()
  .openapi(registerRoute, async (c) => {
    const wanted = c.req.valid("json");
    await limitAuth(c, "register", wanted.email);
    const session = await register(depsOf(c), wanted);
    return typeof session === "string" ? refuse(session) : c.json(await grant(c, session), 201);
  })
  .openapi(signUpRoute, async (c) =>
    c.json(await readSignUp(c.env.CONTROL, signUpRule(c.env)), 200, { "cache-control": "no-store" }),
  )
  .openapi(loginRoute, async (c) => {
    const given = c.req.valid("json");
    await limitAuth(c, "login", given.email);
    const session = await login(depsOf(c), given);
    return typeof session === "string" ? refuse(session) : c.json(await grant(c, session), 200);
  })
  .openapi(logoutRoute, async (c) => {
    const caller = await callerOf(c);
    if (caller?.session_id) await endOne(c.env, caller, caller.session_id);
    clearSessionCookie(c);
    return c.body(null, 204);
  })
  .openapi(refreshRoute, async (c) => {
    const now = Date.now();
    const session = await extendSession(c.env.CONTROL, c.var.caller.session_id ?? "", now + SESSION_MS, now);
    return session ? c.json(await grant(c, session), 200) : problem("unauthenticated");
  })
  .openapi(meRoute, async (c) => {
    const me = await readMe(c.env.CONTROL, c.var.caller.user_id);
    return me ? c.json(me, 200) : problem("unauthenticated");
  })
  .openapi(sessionsRoute, async (c) => {
    const { user_id, session_id } = c.var.caller;
    return c.json({ data: await listSessions(c.env.CONTROL, user_id, session_id, Date.now()) }, 200);
  })
  .openapi(endSessionRoute, async (c) => {
    const { id } = c.req.valid("param");
    if (!(await endOne(c.env, c.var.caller, id))) problem("not_found");
    if (id === c.var.caller.session_id) clearSessionCookie(c);
    return c.body(null, 204);
  })
  .openapi(endSessionsRoute, async (c) => {
    const ended = await signOutEverywhere(c.env.CONTROL, c.var.caller.user_id);
    if (ended) announceEnded(c.env, ended);
    clearSessionCookie(c);
    return c.body(null, 204);
  })
  .route("/", recoveryRoutes);

/** The routes above as types, for the app's client. */
export type AuthRoute =
  | typeof registerRoute
  | typeof signUpRoute
  | typeof loginRoute
  | typeof logoutRoute
  | typeof refreshRoute
  | typeof meRoute
  | typeof sessionsRoute
  | typeof endSessionRoute
  | typeof endSessionsRoute;
