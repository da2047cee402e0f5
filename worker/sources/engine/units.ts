/**
 * The units of reading (a stream of an account each) and their state. Pure.
 * @module
 */
import { z } from "zod";
import type { VendorAccount } from "../../../schema/wire/source";
import { localDate } from "../../lib/time";
import type { StreamCursor, StreamKey } from "../records";
import type { Driver, Json, Slice, StreamSpec } from "../vendor/driver";
import { addDays, type DailyState, type Days, dailyStateSchema, dueDays } from "./coverage";

/** Default number of days of a first slice. */
const SLICE_DAYS = 14;
/** Default number of days that are read again. */
const RESTATE_DAYS = 28;

/** The input of a run. */
export interface Run {
  project: string;
  source: string;
  /** Epoch ms. Earlier reads count as old. */
  startedAt: number;
  /** Accounts of the source; only selected ones are read. */
  accounts: readonly VendorAccount[];
  /** Number of days of a first read. */
  backfillDays: number;
}

/** A stream of an account. */
export interface Unit {
  key: StreamKey;
  stream: StreamSpec;
  account: VendorAccount;
  /** Null before anything was committed. */
  streamCursor: StreamCursor | null;
}

/** State of a `snapshot` stream. */
export const snapshotStateSchema = z.object({
  /** When the last read began, epoch ms. */
  read_at: z.number(),
});

/** State of an `incremental` stream. */
export const incrementalStateSchema = z.object({
  /** The driver's cursor. */
  cursor: z.json(),
  /** When the current, incomplete read began, epoch ms; null between reads. */
  began_at: z.number().nullable(),
  /** When the last complete read began; null before the first. */
  read_at: z.number().nullable(),
});
export interface IncrementalState {
  cursor: Json;
  began_at: number | null;
  read_at: number | null;
}

/** All units of a run, in the driver's order of streams. */
export function unitsOf(driver: Driver, run: Run, streamCursors: readonly StreamCursor[]): Unit[] {
  const accounts = run.accounts.filter(({ selected }) => selected);
  return driver.streams.flatMap((stream) =>
    accounts.map((account): Unit => {
      const key = { project: run.project, source: run.source, stream: stream.name, account: account.id };
      const own = streamCursors.find((each) => each.stream === stream.name && each.account === account.id);
      return { key, stream, account, streamCursor: own ?? null };
    }),
  );
}

/** State of a daily unit; the initial one by default. */
export function dailyState({ streamCursor, stream }: Unit): DailyState {
  const known = dailyStateSchema.safeParse(streamCursor?.state);
  return known.data ?? { covered: [], slice_days: stream.sliceDays ?? SLICE_DAYS };
}

/** State of an incremental unit; the initial one by default. */
export function incrementalState({ streamCursor }: Unit): IncrementalState {
  const known = incrementalStateSchema.safeParse(streamCursor?.state);
  return known.data ?? { cursor: null, began_at: null, read_at: null };
}

/** Initial state of a daily stream's new generation: nothing covered, the same oldest day. Null for other states. */
export function resetState(state: unknown): DailyState | null {
  const known = dailyStateSchema.safeParse(state);
  return known.success ? { ...known.data, covered: [] } : null;
}

/** The requested days of a daily unit: those of a first read, and all since the oldest ever requested. */
export function daysOf(unit: Unit, run: Run, now: number): Days {
  const { stream, account } = unit;
  const today = localDate(now, account.timezone ?? "UTC");
  const first = addDays(today, -run.backfillDays);
  const { since = first } = dailyState(unit);
  return {
    today,
    since: since < first ? since : first,
    restateDays: stream.restateDays ?? RESTATE_DAYS,
    startedAt: run.startedAt,
  };
}

/** Maximum number of days in a slice of a stream. */
export const maxSliceDays = ({ stream }: Unit): number => stream.sliceDays ?? SLICE_DAYS;

/** What is due for a unit in a run: ranges of days, newest first, or the whole stream. */
export function dueOf(unit: Unit, run: Run, now: number): { days: Slice[] } | { all: boolean } {
  if (unit.stream.mode === "daily")
    return { days: dueDays(dailyState(unit).covered, daysOf(unit, run, now)) };
  const readAt =
    unit.stream.mode === "snapshot"
      ? snapshotStateSchema.safeParse(unit.streamCursor?.state).data?.read_at
      : incrementalState(unit).read_at;
  return { all: (readAt ?? -1) < run.startedAt };
}
