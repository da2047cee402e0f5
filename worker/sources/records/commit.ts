/**
 * Commits a read: its rows and the stream's cursor in one transaction.
 * @module
 */
import { runGuardedBatch } from "../../lib/guard";
import { guard, type StreamCursor, type StreamKey, writeCursor, writtenGeneration } from "./cursor";
import type { DayPage, KeyedRecord } from "./rows";
import { markPending, markSwapped, removeKeys, replaceDays, writeRecords } from "./statements";

/** The result of a read. */
export interface Read {
  key: StreamKey;
  /** The cursor at the start of the read; null when the stream had none. */
  from: StreamCursor | null;
  /** New and changed records. */
  records?: readonly KeyedRecord[];
  /** Keys of removed records. */
  removed?: readonly string[];
  /** Days that differ from the stored ones. */
  days?: readonly DayPage[];
  /** The reader's state; JSON. */
  state: unknown;
  /** Up to when the written generation contains all data of the vendor; omitted while it is incomplete. */
  completeUntil?: number | null;
  /** Additional statements of the same transaction: the manifest row of the segment. */
  alongside?: readonly D1PreparedStatement[];
  now: number;
}

/**
 * Commits a read in one D1 transaction. A pending generation that is complete replaces the active one. Returns the new
 * cursor; null, with nothing written, when another commit was first.
 */
export async function commitRead(db: D1Database, read: Read): Promise<StreamCursor | null> {
  const { key, from, records = [], removed = [], days = [], alongside = [], now } = read;
  const cursor = after(read);
  const written = writtenGeneration(from);
  const isSeen = cursor.generation === written;
  const isSwap = from !== null && cursor.generation !== from.generation;
  const months = [...new Set(days.map(({ day }) => day.slice(0, 7)))];
  if (records.length + removed.length > 0) months.push("");
  const target = { ...key, generation: written };
  const statements = [
    guard(db, key, from),
    ...writeRecords(db, target, records, now),
    ...removeKeys(db, target, removed, now),
    ...replaceDays(db, target, days, now),
    ...(isSeen ? markPending(db, key, months, now) : []),
    ...(isSwap ? [markSwapped(db, key, from.generation, written, now)] : []),
    writeCursor(db, cursor),
    ...alongside,
  ];
  return (await runGuardedBatch(db, statements)) ? cursor : null;
}

/** The cursor after a read. */
function after({ key, from, state, completeUntil = null, now }: Read): StreamCursor {
  const version = (from?.version ?? 0) + 1;
  if (from === null)
    return {
      ...key,
      version,
      generation: 1,
      building: null,
      state,
      complete_until: completeUntil,
      updated_at: now,
    };
  const isWaiting = from.building !== null && completeUntil === null;
  const complete_until = Math.max(from.complete_until ?? 0, completeUntil ?? 0) || null;
  return {
    ...key,
    version,
    generation: isWaiting ? from.generation : writtenGeneration(from),
    building: isWaiting ? from.building : null,
    state,
    complete_until,
    updated_at: now,
  };
}
