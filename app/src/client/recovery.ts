/**
 * The errands that go through an e-mail: confirming an address, choosing a new password.
 * @module
 */
import { hc } from "hono/client";
import type { recoveryRoutes } from "../../../worker/api/routes/recovery";
import { answer, apiFetch } from "./http";

const api = hc<typeof recoveryRoutes>("/api/v1", { fetch: apiFetch }).auth;

export const verifyEmail = (token: string) => answer(api["verify-email"].$post({ json: { token } }));
export const resendVerification = (email: string) =>
  answer(api["resend-verification"].$post({ json: { email } }));
export const forgotPassword = (email: string) => answer(api["forgot-password"].$post({ json: { email } }));
export const resetPassword = (token: string, password: string) =>
  answer(api["reset-password"].$post({ json: { token, password } }));
