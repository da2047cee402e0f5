/**
 * Confirming an e-mail address and resetting a password, by a token sent by e-mail.
 * @module
 */
import { request } from "./request";

export const verifyEmail = (token: string) => request("POST /auth/verify-email", { json: { token } });
export const resendVerification = (email: string) =>
  request("POST /auth/resend-verification", { json: { email } });
export const forgotPassword = (email: string) => request("POST /auth/forgot-password", { json: { email } });
export const resetPassword = (token: string, password: string) =>
  request("POST /auth/reset-password", { json: { token, password } });
