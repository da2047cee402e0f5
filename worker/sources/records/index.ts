/**
 * Records: the latest state of vendor data, and how far it has been read.
 * @module
 */
export { commitRead, type Read } from "./commit";
export { readCursors, type StreamCursor, type StreamKey, writtenGeneration } from "./cursor";
export { changedDays, changedRecords, existingAmong, existingKeys } from "./diff";
export { beginGeneration, removeSourceRecords, restartGeneration, sweepGenerations } from "./generation";
export { clearPending, type PendingRecords, readPending, spreadPending } from "./pending";
export {
  dayRows,
  daysOf,
  recordsOf,
  rowCounts,
  type StoredRecord,
} from "./read";
export type { DayPage, KeyedRecord } from "./rows";
