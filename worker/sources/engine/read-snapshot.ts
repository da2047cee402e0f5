/**
 * Reads a snapshot stream: the full list each time.
 * @module
 */
import { changedRecords, existingKeys, type KeyedRecord } from "../records";
import { SourceError } from "../vendor/driver";
import { validateRecord } from "./keyed";
import { commitTo, type Reader, readMessages, splitForCommit, writeTarget } from "./reader";
import type { Unit } from "./units";

/** More do not fit in a Worker's memory. */
const MAX_RECORDS = 200_000;

/**
 * Reads the full list and writes the differences. A record counts as removed only when an immediate second read also lacks
 * it, because a truncated list looks like removals.
 */
export async function readSnapshot(reader: Reader, unit: Unit): Promise<void> {
  const began = reader.now();
  const { db } = reader.stores;
  const found = await listAll(reader, unit);
  let gone = (await existingKeys(db, writeTarget(unit))).filter((key) => !found.has(key));
  if (gone.length > 0) {
    for (const [key, body] of await listAll(reader, unit)) found.set(key, body);
    gone = gone.filter((key) => !found.has(key));
  }
  const records = [...found].map(([key, body]): KeyedRecord => ({ key, body }));
  const groups = splitForCommit(
    await changedRecords(db, writeTarget(unit), records),
    ({ body }) => body.length,
  );
  const last = groups.pop();
  for (const group of groups)
    await commitTo(reader, unit, { records: group, state: unit.streamCursor?.state ?? null });
  await commitTo(reader, unit, {
    records: last,
    removed: gone,
    state: { read_at: began },
    completeUntil: began,
  });
}

async function listAll(reader: Reader, unit: Unit): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const message of readMessages(reader, unit)) {
    if (message.type !== "record") continue;
    const { key, body } = validateRecord(unit.stream, message.record);
    if (found.has(key))
      throw new SourceError("unavailable", `${unit.key.stream}: two records with the key ${key} in the list`);
    if (found.size >= MAX_RECORDS)
      throw new SourceError("too_much", `over ${MAX_RECORDS} ${unit.key.stream}`);
    found.set(key, body);
  }
  return found;
}
