/**
 * /verify-email
 * @module
 */
export { VerifyEmailView as default } from "../views/accounts/recovery";
