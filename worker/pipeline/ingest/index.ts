/**
 * Ingest: raw event + sender → accepted, dropped or rejected; messages into the queue.
 * @module
 */
export { type Accepted, type AcceptRequest, accept, spacedKeyOf } from "./accept";
export { type BodySource, parseBody, readText } from "./body";
export {
  countStored,
  type Position,
  readDropped,
  STORED_REASONS,
  type StoredReason,
} from "./dropped";
export { edgeContext, importContext, saltDay } from "./identity";
export { type RequestKey, requestKeyOf } from "./key";
export type { RejectionCode } from "./parse";
export { type PointSetting, type PointSink, writePoints } from "./points";
export { countRefused } from "./refusals";
export { MAX_RESTORED, type Restored, restore } from "./restore";
export { type MessageQueue, send } from "./send";
export { NO_SENDER, type Sender, senderOf } from "./sender";
export { type DropCount, readDropCounts } from "./store";
export { isReused, type KeyUse, recordUse } from "./used-keys";
