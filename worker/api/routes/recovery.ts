/**
 * Confirming an address and choosing a new password. Sending is deferred, so
 * that neither the response nor its duration reveals whether an address has an account.
 * @module
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import {
  changePasswordSchema,
  emailOnlySchema,
  resetPasswordSchema,
  verifyEmailSchema,
} from "../../../schema/wire/account";
import {
  changePassword,
  forgotPassword,
  resendVerification,
  resetPassword,
  verifyEmail,
} from "../../tenancy/accounts";
import { announceEnded } from "../announce";
import { callerOf } from "../caller";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { limitAuth } from "../limit";
import { defer, depsOf, refuse } from "../request-context";
import { done, json, route } from "../route";

const tags = ["Accounts"];

const verifyRoute = route({
  method: "post",
  path: "/auth/verify-email",
  access: "anyone",
  tags,
  summary: "Confirm the address with the token from the e-mail",
  description:
    "Requires to be signed in to the account. The first time, its other sessions, its tokens and the invitations that it " +
    "sent end: somebody else may have registered the address.",
  request: json(verifyEmailSchema),
  responses: done("Confirmed"),
});

const resendRoute = route({
  method: "post",
  path: "/auth/resend-verification",
  access: "anyone",
  tags,
  summary: "Send the verification e-mail again",
  request: json(emailOnlySchema),
  responses: done("If the address has an unconfirmed account, an e-mail is on its way", 202),
});

const forgotRoute = route({
  method: "post",
  path: "/auth/forgot-password",
  access: "anyone",
  tags,
  summary: "Send an e-mail with a link to choose a new password",
  request: json(emailOnlySchema),
  responses: done("If the address has an account, an e-mail is on its way", 202),
});

const resetRoute = route({
  method: "post",
  path: "/auth/reset-password",
  access: "anyone",
  tags,
  summary: "Choose a new password with the token from the e-mail",
  request: json(resetPasswordSchema),
  responses: done("Changed; every session, token and other reset link of the account has ended"),
});

const changeRoute = route({
  method: "post",
  path: "/auth/change-password",
  access: "account",
  tags,
  summary: "Change the password while signed in",
  description: "Ends the other sessions and all reset links. Personal tokens stay.",
  request: json(changePasswordSchema),
  responses: done("Changed"),
});

/** Everything under /auth that starts or ends with an e-mail. */
export const recoveryRoutes = new OpenAPIHono<AppEnv>()
  .openapi(verifyRoute, async (c) => {
    await limitAuth(c, "verify-email");
    const ended = await verifyEmail(depsOf(c), c.req.valid("json").token, await callerOf(c));
    if (typeof ended === "string") return refuse(ended);
    announceEnded(c.env, ended);
    return c.body(null, 204);
  })
  .openapi(resendRoute, async (c) => {
    const { email } = c.req.valid("json");
    await limitAuth(c, "resend-verification", email);
    defer(resendVerification(depsOf(c), email));
    return c.body(null, 202);
  })
  .openapi(forgotRoute, async (c) => {
    const { email } = c.req.valid("json");
    await limitAuth(c, "forgot-password", email);
    defer(forgotPassword(depsOf(c), email));
    return c.body(null, 202);
  })
  .openapi(resetRoute, async (c) => {
    await limitAuth(c, "reset-password");
    const { token, password } = c.req.valid("json");
    const ended = await resetPassword(c.env.CONTROL, token, password);
    if (typeof ended === "string") return refuse(ended);
    announceEnded(c.env, ended);
    return c.body(null, 204);
  })
  .openapi(changeRoute, async (c) => {
    await limitAuth(c, "change-password", c.var.caller.user_id);
    const ended = await changePassword(c.env.CONTROL, c.var.caller, c.req.valid("json"));
    if (typeof ended === "string") return problem(ended, "The current password is wrong");
    announceEnded(c.env, ended);
    return c.body(null, 204);
  });

/** The routes above as types, for the app's client. */
export type RecoveryRoute =
  | typeof verifyRoute
  | typeof resendRoute
  | typeof forgotRoute
  | typeof resetRoute
  | typeof changeRoute;
