/**
 * Personal API tokens.
 * @module
 */
import { query } from "@solidjs/router";
import type { Scope } from "../../../schema/wire/project";
import { orSignIn } from "./http";
import { request } from "./request";

/** The account's tokens, without their secrets. */
export const tokens = query(async () => orSignIn(await request("GET /tokens", {})), "tokens");

/** Creates a token; only this answer contains its secret. */
export const createToken = (name: string, scopes: Scope[]) =>
  request("POST /tokens", { json: { name, scopes } });
export const revokeToken = (id: string) => request("DELETE /tokens/{id}", { params: { id } });
