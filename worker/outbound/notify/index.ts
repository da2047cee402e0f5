/**
 * Outward messages.
 * @module
 */
export { type Email, type EmailDriver, emailDriver } from "./channels/email";
export { escapeSlack, type SlackDriver, slackDriver } from "./channels/slack";
