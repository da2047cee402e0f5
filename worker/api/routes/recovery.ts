/**
 * Flows that use an e-mail: confirming an address, choosing a new password. Sending is deferred, so
 * that neither the response nor its duration reveals whether an address has an account.
 * @module
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import { emailOnlySchema, resetPasswordSchema, verifyEmailSchema } from "../../../schema/wire/account";
import { forgotPassword, resendVerification, resetPassword, verifyEmail } from "../../tenancy/accounts";
import type { AppEnv } from "../context";
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
  responses: done("Changed; every session of the account has ended"),
});

/** Everything under /auth that starts or ends with an e-mail. */
export const recoveryRoutes = new OpenAPIHono<AppEnv>()
  .openapi(verifyRoute, async (c) => {
    await limitAuth(c, "verify-email");
    const refusal = await verifyEmail(depsOf(c), c.req.valid("json").token);
    return refusal ? refuse(refusal) : c.body(null, 204);
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
    const refusal = await resetPassword(depsOf(c), token, password);
    return refusal ? refuse(refusal) : c.body(null, 204);
  });

/** The routes above as types, for the app's client. */
export type RecoveryRoute = typeof verifyRoute | typeof resendRoute | typeof forgotRoute | typeof resetRoute;
