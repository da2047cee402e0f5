/**
 * What the ways of reading share: storage, session, time, and how a unit is committed.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { commitRead, type Read, writtenGeneration } from "../records";
import type { VendorClient } from "../vendor/client";
import type { DriverContext, Message, Slice } from "../vendor/driver";
import { type RunMemory, recordProgress } from "./memory";
import { incrementalState, type Run, type Unit } from "./units";
import { writeVersions } from "./versions";

/** Another reader has committed to the unit meanwhile. */
export class ConcurrentCommit extends Error {
  override name = "Moved";
}

/** A run while it is being driven. */
export interface Reader {
  stores: Stores;
  session: VendorClient;
  run: Run;
  memory: RunMemory;
  /** The session's, keeping the run's lease alive. */
  context: DriverContext;
  now(): number;
  /** Whether what has been read is enough for one step. */
  isEnough(): boolean;
  /** Called after each commit with the records it changed. */
  onCommit(records: number): Promise<void>;
}

/** Rows of one commit, to stay far below what a call to D1 may hold (32 MiB) and what it may take (30 s). */
const COMMIT_ROWS = 10_000;
const COMMIT_BYTES = 4_000_000;

/** Where a unit's rows are written. */
export const writeTarget = (unit: Unit) => ({ ...unit.key, generation: writtenGeneration(unit.standing) });

/** The driver's answers to a unit. */
export function readMessages(reader: Reader, unit: Unit, slice?: Slice): AsyncGenerator<Message> {
  const { stream, account } = unit;
  const state = stream.mode === "incremental" ? incrementalState(unit).cursor : null;
  return reader.session.driver.read({ stream, account, state, slice }, reader.context);
}

type ReadResult = Pick<Read, "records" | "removed" | "days" | "state" | "completeUntil">;

/** Keeps a unit's state and moves its standing. @throws Moved when another reader was quicker. */
export async function commitState(reader: Reader, unit: Unit, read: ReadResult): Promise<void> {
  const { stores } = reader;
  const { key, standing: from } = unit;
  const now = reader.now();
  const alongside = await writeVersions(stores, key, read, now);
  const standing = await commitRead(stores.db, { ...read, key, from, alongside, now });
  if (!standing) throw new ConcurrentCommit();
  unit.standing = standing;
}

/** Commits what was found, as `keep`, and counts it as progress. */
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

/** Items in groups that a commit can take; at least one group, which may be empty. */
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
