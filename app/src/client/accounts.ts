/**
 * Signing in and out, and open sessions.
 * @module
 */
import { query } from "@solidjs/router";
import { hc } from "hono/client";
import type { authRoutes } from "../../../worker/api/routes/auth";
import { answer, apiFetch, orSignIn } from "./http";

const api = hc<typeof authRoutes>("/api/v1", { fetch: apiFetch }).auth;

/** Who is signed in; leads to sign-in when nobody is. */
export const me = query(async () => orSignIn(await answer(api.me.$get())), "me");
/** Open sessions, newest first. */
export const sessions = query(async () => orSignIn(await answer(api.sessions.$get())), "sessions");

export const login = (email: string, password: string) =>
  answer(api.login.$post({ json: { email, password } }));
export const register = (json: { email: string; password: string; name?: string }) =>
  answer(api.register.$post({ json }));
export const logout = () => answer(api.logout.$post());
export const endSession = (id: string) => answer(api.sessions[":id"].$delete({ param: { id } }));
