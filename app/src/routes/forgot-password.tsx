/**
 * /forgot-password
 * @module
 */
export { ForgotPasswordView as default } from "../views/accounts/recovery";
