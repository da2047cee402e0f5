/**
 * Outward messages.
 * @module
 */
export { type Email, type EmailDriver, emailDriver } from "./email";
