/**
 * /register
 * @module
 */
export { RegisterView as default } from "../views/accounts/register";
