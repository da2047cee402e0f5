/**
 * Personal API tokens.
 * @module
 */
import { query } from "@solidjs/router";
import { hc } from "hono/client";
import type { Scope } from "../../../schema/wire/project";
import type { tokenRoutes } from "../../../worker/api/routes/tokens";
import { answer, apiFetch, orSignIn } from "./http";

const api = hc<typeof tokenRoutes>("/api/v1", { fetch: apiFetch }).tokens;

/** The account's tokens, without their secrets. */
export const tokens = query(async () => orSignIn(await answer(api.$get())), "tokens");

/** Makes a token; the answer holds its secret, this once. */
export const createToken = (name: string, scopes: Scope[]) => answer(api.$post({ json: { name, scopes } }));
export const revokeToken = (id: string) => answer(api[":id"].$delete({ param: { id } }));
