/**
 * Outward messages.
 * @module
 */
export { type Email, type EmailDriver, emailDriver } from "./email";
export { escapeSlack, type SlackDriver, slackDriver } from "./slack";
