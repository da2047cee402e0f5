/**
 * Records: the last state of what was read from vendors, and how far it was read.
 * @module
 */
export { commitRead, type DayPage, type KeyedRecord, type Read } from "./commit";
export { changedDays, changedRecords, livingAmong, livingKeys } from "./compare";
export { clearDirty, type DirtyRecords, dirtyRecords, spreadDirty } from "./dirty";
export { beginGeneration, removeSourceRecords, restartGeneration, sweepGenerations } from "./generation";
export {
  dayRows,
  daysOf,
  recordsOf,
  rowCounts,
  type StoredDay,
  type StoredRecord,
  type StreamName,
} from "./read";
export { type Standing, type StreamKey, standings, writtenGeneration } from "./standing";
