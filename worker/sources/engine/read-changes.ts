/**
 * Reading an incremental stream: changes since a state.
 * @module
 */

import { SECOND_MS } from "../../lib/time";
import { changedRecords, livingAmong, restartGeneration } from "../records";
import { type Json, SourceError } from "../vendor/driver";
import { keyText, validateRecord } from "./keyed";
import { ConcurrentCommit, commitTo, type Reader, readMessages, writeTarget } from "./reader";
import { incrementalState, type Unit } from "./units";

/** A state is committed with so many changes, or after so long. */
const COMMIT_CHANGES = 2_000;
const COMMIT_MS = 5 * SECOND_MS;

/** What has been yielded since the last commit: bodies by key, null for what is gone. */
type Pending = Map<string, string | null>;

/**
 * Reads from the state to now, committing at states. Stops at one when the step has had enough; the next goes on there. The
 * claim is the beginning of the first read since the last complete one.
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
    // Whether a state was the last is known when something follows it.
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
  const removed = await livingAmong(db, target, gone);
  await commitTo(reader, unit, { records, removed, state, completeUntil });
}

/** Begins a generation for what follows; before anything was committed there is nothing to set it apart from. */
async function restart(reader: Reader, unit: Unit): Promise<void> {
  if (!unit.standing) return;
  const standing = await restartGeneration(reader.stores.db, unit.standing, reader.now());
  if (!standing) throw new ConcurrentCommit();
  unit.standing = standing;
}
