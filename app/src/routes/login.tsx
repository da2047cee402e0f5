/**
 * /login
 * @module
 */
export { LoginView as default } from "../views/accounts/login";
