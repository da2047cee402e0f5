/**
 * Reads an incremental stream: changes since a cursor.
 * @module
 */

import { SECOND_MS } from "../../lib/time";
import { changedRecords, existingAmong, restartGeneration } from "../records";
import { type Json, SourceError } from "../vendor/driver";
import { keyText, validateRecord } from "./keyed";
import { ConcurrentCommit, commitTo, type Reader, readMessages, writeTarget } from "./reader";
import { incrementalState, type Unit } from "./units";

/** Commits at the first cursor after this many changes or this long. */
const COMMIT_CHANGES = 2_000;
const COMMIT_MS = 5 * SECOND_MS;

/** Changes since the last commit: bodies by key, null for removed records. */
type Pending = Map<string, string | null>;

/**
 * Reads from the cursor to now and commits at cursors. Stops at one when the step's budget is used; the next step continues
 * there. After a complete read, the data is complete up to the start of its first step.
 */
export async function readChanges(reader: Reader, unit: Unit): Promise<void> {
  const { stream } = unit;
  const before = incrementalState(unit);
  let began = before.began_at ?? reader.now();
  let cursor: Json = before.cursor;
  let pending: Pending = new Map();
  let committedAt = reader.now();
  let isAtState = false;
  for await (const message of readMessages(reader, unit)) {
    // A cursor is known to be the last one only when no message follows it.
    const isDue = pending.size >= COMMIT_CHANGES || reader.now() - committedAt >= COMMIT_MS;
    if (isAtState && (isDue || reader.isEnough())) {
      await commitChanges(reader, unit, pending, { cursor, began_at: began, read_at: before.read_at }, null);
      pending = new Map();
      committedAt = reader.now();
      if (reader.isEnough()) return;
    }
    isAtState = message.type === "state";
    if (message.type === "record") {
      const { key, body } = validateRecord(stream, message.record);
      pending.set(key, body);
    } else if (message.type === "removed") pending.set(keyText(stream, message.key), null);
    else if (message.type === "state") cursor = message.state;
    else {
      began = reader.now();
      pending = new Map();
      await restart(reader, unit);
    }
  }
  if (!isAtState) throw new SourceError("internal", `${stream.name}: a read ended without a state`);
  const state = { cursor, began_at: null, read_at: began };
  await commitChanges(reader, unit, pending, state, began - (stream.lagMs ?? 0));
}

async function commitChanges(
  reader: Reader,
  unit: Unit,
  pending: Pending,
  state: object,
  completeUntil: number | null,
): Promise<void> {
  const { db } = reader.stores;
  const target = writeTarget(unit);
  const found = [...pending].flatMap(([key, body]) => (body === null ? [] : [{ key, body }]));
  const gone = [...pending].flatMap(([key, body]) => (body === null ? [key] : []));
  const records = await changedRecords(db, target, found);
  const removed = await existingAmong(db, target, gone);
  await commitTo(reader, unit, { records, removed, state, completeUntil });
}

/** Starts a new generation for the records that follow; not needed before the first commit. */
async function restart(reader: Reader, unit: Unit): Promise<void> {
  if (!unit.streamCursor) return;
  const streamCursor = await restartGeneration(reader.stores.db, unit.streamCursor, reader.now());
  if (!streamCursor) throw new ConcurrentCommit();
  unit.streamCursor = streamCursor;
}
