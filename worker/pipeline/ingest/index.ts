/**
 * Ingest: raw event + sender → accepted, dropped or rejected; messages into the queue.
 * @module
 */
export { type Accepted, accept, refusalMessage } from "./accept";
export { type BodySource, parseBody, readText } from "./body";
export {
  countStored,
  type Position,
  readDropped,
  STORED_REASONS,
  type StoredReason,
} from "./dropped";
export { edgeContext, importContext, saltDay } from "./identity";
export { requestKeyOf } from "./key";
export type { RejectionCode } from "./parse";
export { type PointSetting, type PointSink, writePoints } from "./points";
export { MAX_RESTORED, type Restored, restore } from "./restore";
export { type MessageQueue, send } from "./send";
export { NO_SENDER, type Sender, senderOf } from "./sender";
export { type DropCount, readDropCounts } from "./store";
