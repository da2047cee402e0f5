/**
 * The inputs of worker/tenancy/accounts from the request and the deployment, and the responses to its refusals.
 * @module
 */
import { waitUntil } from "cloudflare:workers";
import type { Context } from "hono";
import { logError } from "../lib/log";
import { emailDriver } from "../outbound/notify";
import { type AccountDeps, type Refusal, signUpRule } from "../tenancy/accounts";
import type { AppEnv } from "./context";
import { problem } from "./errors";

/** Dependencies of one account request. */
export function depsOf<E extends AppEnv>(c: Context<E>): AccountDeps {
  return {
    control: c.env.CONTROL,
    secret: c.env.AUTH_SECRET,
    origin: new URL(c.req.url).origin,
    signUp: signUpRule(c.env),
    userAgent: c.req.header("user-agent")?.slice(0, 512) ?? null,
    send: emailDriver(c.env.EMAIL, c.env.EMAIL_FROM).send,
    defer,
  };
}

/** Continues work after the response; a failure is only logged. */
export function defer(work: Promise<unknown>): void {
  waitUntil(work.catch((error) => logError("deferred work failed", error)));
}

/** A refusal of worker/tenancy/accounts as a problem. */
export function refuse(refusal: Refusal): never {
  if (refusal !== "invalid_token") problem(refusal);
  const message = "The link is used up or too old: ask for a new one";
  problem("invalid_request", message, [{ path: "token", code: refusal, message }]);
}
