/**
 * Personal API tokens.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { MAX_TOKENS, tokenCreatedSchema, tokenCreateSchema, tokenSchema } from "../../../schema/wire/account";
import { createToken, deleteToken, listTokens } from "../../tenancy/accounts";
import { announceEnded } from "../announce";
import { demandConfirmed } from "../auth";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Tokens"];

const create = route({
  method: "post",
  path: "/tokens",
  access: "account",
  tags,
  summary: "Create a personal API token",
  description:
    "The token acts for you in the projects of your organizations, within its scopes. It is shown only once. Requires a " +
    "confirmed address.",
  request: json(tokenCreateSchema),
  responses: answers(201, tokenCreatedSchema, "The token"),
});

const list = route({
  method: "get",
  path: "/tokens",
  access: "account",
  tags,
  summary: "Your tokens, without their secrets",
  responses: answers(200, z.object({ data: z.array(tokenSchema) }), "Newest first"),
});

const revoke = route({
  method: "delete",
  path: "/tokens/{id}",
  access: "account",
  tags,
  summary: "Revoke a token",
  request: { params: z.object({ id: idParameter }) },
  responses: done("Revoked; the token is invalid immediately"),
});

/** Everything under /tokens. */
export const tokenRoutes = new OpenAPIHono<AppEnv>()
  .openapi(create, async (c) => {
    demandConfirmed(c.var.caller);
    const made = await createToken(c.env.CONTROL, c.var.caller, c.req.valid("json"), Date.now());
    if (!made)
      problem("token_limit_reached", `An account can have at most ${MAX_TOKENS} tokens: revoke one first`);
    return c.json(made, 201);
  })
  .openapi(list, async (c) => c.json({ data: await listTokens(c.env.CONTROL, c.var.caller.user_id) }, 200))
  .openapi(revoke, async (c) => {
    const { user_id, roles } = c.var.caller;
    const { id } = c.req.valid("param");
    if (!(await deleteToken(c.env.CONTROL, user_id, id))) problem("not_found");
    announceEnded(c.env, { credentials: [id], organizations: Object.keys(roles) });
    return c.body(null, 204);
  });

/** The routes above as types, for the app's client. */
export type TokenRoute = typeof create | typeof list | typeof revoke;
