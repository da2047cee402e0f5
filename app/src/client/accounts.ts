/**
 * Signing in and out, and sign-in sessions.
 * @module
 */
import { query } from "@solidjs/router";
import { orSignIn } from "./http";
import { request } from "./request";

/**
 * The signed-in user; redirects to sign-in when there is none. Keys are matched by prefix: "me" would revalidate "members" and
 * "metrics" too.
 */
export const me = query(async () => orSignIn(await request("GET /auth/me", {})), "signed-in-user");
/** The signed-in user; a 401 problem when there is none. */
export const optionalMe = query(() => request("GET /auth/me", {}), "optional-me");
/** Open sign-in sessions, newest first. */
export const signInSessions = query(
  async () => orSignIn(await request("GET /auth/sessions", {})),
  "sign-in-sessions",
);

/** Who may create an account. */
export const signUp = query(() => request("GET /auth/sign-up", {}), "sign-up");

export const login = (email: string, password: string) =>
  request("POST /auth/login", { json: { email, password } });
export const register = (json: { email: string; password: string; name?: string; invitation?: string }) =>
  request("POST /auth/register", { json });
export const logout = () => request("POST /auth/logout", {});
export const endSignInSession = (id: string) => request("DELETE /auth/sessions/{id}", { params: { id } });
