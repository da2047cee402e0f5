/**
 * /reset-password
 * @module
 */
export { ResetPasswordView as default } from "../views/accounts/recovery";
