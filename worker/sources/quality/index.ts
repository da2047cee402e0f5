/**
 * Quality: whether what was read is right, and who is told when it is not.
 * @module
 */

export { changeNotify, readNotify, sealWebhooksAgain } from "../../outbound/notify/notify";
export { listNotices } from "../../outbound/notify/notice-store";
export { checkAfterSync, type QualityBindings, readOverview, readQuality } from "./run";
export { checkSources } from "./summary";
