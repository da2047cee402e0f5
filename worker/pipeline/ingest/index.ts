/**
 * Ingest: raw event + sender → accepted, dropped or rejected; messages into the queue.
 * @module
 */
export { type Accepted, type AcceptRequest, accept, spacedKeyOf } from "./accept";
export { parseBody, readBody } from "./body";
export {
  countStored,
  type Position,
  readDropped,
  STORED_REASONS,
} from "./dropped";
export { sendTogether } from "./group";
export { edgeContext, importContext, saltDay } from "./identity";
export { requestKeyOf } from "./key";
export { writePoints } from "./points";
export { countRefused } from "./refusals";
export { MAX_RESTORED, restore } from "./restore";
export { NO_SENDER, type Sender, senderOf } from "./sender";
export { type DropCount, readDropCounts } from "./store";
export { isReused, type KeyUse, recordUse } from "./used-keys";
