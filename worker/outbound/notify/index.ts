/**
 * Notifications: channels, recipients, messages, and notices shown in the app.
 * @module
 */
export type { NotifyBindings } from "./bindings";
export type { Message } from "./channels/channel";
export { escapeSlack, type SlackDriver, slackDriver } from "./channels/slack";
export { type Email, type EmailDriver, emailDriver } from "./email-driver";
export { type Condition, deleteOldNotices, listNotices, raiseNotices, resolveNotices } from "./notice-store";
export { notifyProject } from "./notify";
export { changeNotify, readNotify, resealConfigs } from "./settings";
