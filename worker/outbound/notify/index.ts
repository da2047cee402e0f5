/**
 * Notifications: channels, recipients, messages, and notices shown in the app.
 * @module
 */
export type { NotifyBindings } from "./bindings";

export { escapeSlack, slackDriver } from "./channels/slack";
export { type Email, emailDriver } from "./email-driver";
export { type Condition, deleteOldNotices, listNotices, raiseNotices, resolveNotices } from "./notice-store";
export { notifyProject } from "./notify";
export { changeNotify, readNotify, resealConfigs } from "./settings";
