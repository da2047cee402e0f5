/**
 * Shared by the kinds of reads: storage, session, time, and committing a unit.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { commitRead, type Read, writtenGeneration } from "../records";
import type { VendorClient } from "../vendor/client";
import type { DriverContext, Message, Slice } from "../vendor/driver";
import { type RunMemory, recordProgress } from "./memory";
import { incrementalState, type Run, type Unit } from "./units";
import { writeVersions } from "./versions";

/** Another reader committed to the unit in the meantime. */
export class ConcurrentCommit extends Error {
  override name = "ConcurrentCommit";
}

/** A run in progress. */
export interface Reader {
  stores: Stores;
  session: VendorClient;
  run: Run;
  memory: RunMemory;
  /** The session's context, which also renews the run's lease. */
  context: DriverContext;
  now(): number;
  /** Whether the step's budget is used. */
  isEnough(): boolean;
  /** Called after each commit with the records it changed. */
  onCommit(records: number): Promise<void>;
}

/** Limits of one commit, well below a call's size in D1 (32 MiB) and its duration (30 s). */
const COMMIT_ROWS = 10_000;
const COMMIT_BYTES = 4_000_000;

/** The generation to which a unit's rows are written. */
export const writeTarget = (unit: Unit) => ({
  ...unit.key,
  generation: writtenGeneration(unit.streamCursor),
});

/** Calls the driver's `read` for a unit. */
export function readMessages(reader: Reader, unit: Unit, slice?: Slice): AsyncGenerator<Message> {
  const { stream, account } = unit;
  const state = stream.mode === "incremental" ? incrementalState(unit).cursor : null;
  return reader.session.driver.read({ stream, account, state, slice }, reader.context);
}

type ReadResult = Pick<Read, "records" | "removed" | "days" | "state" | "completeUntil">;

/** Stores a unit's state and updates its cursor. @throws ConcurrentCommit when another reader committed first. */
export async function commitState(reader: Reader, unit: Unit, read: ReadResult): Promise<void> {
  const { stores } = reader;
  const { key, streamCursor: from } = unit;
  const now = reader.now();
  const alongside = await writeVersions(stores, key, read, now);
  const streamCursor = await commitRead(stores.db, { ...read, key, from, alongside, now });
  if (!streamCursor) throw new ConcurrentCommit();
  unit.streamCursor = streamCursor;
}

/** Commits rows like `commitState`, and counts them as progress. */
export async function commitTo(reader: Reader, unit: Unit, read: ReadResult): Promise<void> {
  await commitState(reader, unit, read);
  const days = read.days?.flatMap(({ parts }) => parts.map(({ rows }) => rows)) ?? [];
  const rows = days.reduce(
    (sum, own) => sum + own,
    (read.records?.length ?? 0) + (read.removed?.length ?? 0),
  );
  recordProgress(reader.memory, unit, rows);
  await reader.onCommit(rows);
}

/** Splits items into groups that fit one commit; at least one group, which may be empty. */
export function splitForCommit<T>(items: readonly T[], bytesOf: (item: T) => number): T[][] {
  const groups: T[][] = [[]];
  let bytes = 0;
  for (const item of items) {
    const last = groups.at(-1);
    const own = bytesOf(item);
    if (last && (last.length === 0 || (bytes + own <= COMMIT_BYTES && last.length < COMMIT_ROWS)))
      last.push(item);
    else {
      groups.push([item]);
      bytes = 0;
    }
    bytes += own;
  }
  return groups;
}
