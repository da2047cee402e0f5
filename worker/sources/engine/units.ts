/**
 * The units of reading, a stream of an account each, and how far each is. Pure.
 * @module
 */
import { z } from "zod";
import type { VendorAccount } from "../../../schema/wire/source";
import { localDate } from "../../lib/time";
import type { StreamCursor, StreamKey } from "../records";
import type { Driver, Json, Slice, StreamSpec } from "../vendor/driver";
import { addDays, type DailyState, type Days, dailyStateSchema, dueDays } from "./coverage";

/** Days of a first slice where the driver does not say. */
const SLICE_DAYS = 14;
/** Days read again where the driver does not say. */
const RESTATE_DAYS = 28;

/** What a run reads. */
export interface Run {
  project: string;
  source: string;
  /** Epoch ms. What was read before counts as old. */
  startedAt: number;
  /** Of the source; only those selected are read. */
  accounts: readonly VendorAccount[];
  /** Days that a first read goes back. */
  backfillDays: number;
}

/** A stream of an account. */
export interface Unit {
  key: StreamKey;
  stream: StreamSpec;
  account: VendorAccount;
  /** Null before anything was committed. */
  standing: StreamCursor | null;
}

/** State of a `snapshot` stream. */
export const snapshotStateSchema = z.object({
  /** When the last read began, epoch ms. */
  read_at: z.number(),
});

/** State of an `incremental` stream. */
export const incrementalStateSchema = z.object({
  /** The driver's own. */
  cursor: z.json(),
  /** When the read that is not complete yet began, epoch ms; null between reads. */
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
export function unitsOf(driver: Driver, run: Run, standings: readonly StreamCursor[]): Unit[] {
  const accounts = run.accounts.filter(({ selected }) => selected);
  return driver.streams.flatMap((stream) =>
    accounts.map((account): Unit => {
      const key = { project: run.project, source: run.source, stream: stream.name, account: account.id };
      const own = standings.find((each) => each.stream === stream.name && each.account === account.id);
      return { key, stream, account, standing: own ?? null };
    }),
  );
}

/** A daily unit's state; fresh where there is none. */
export function dailyState({ standing, stream }: Unit): DailyState {
  const known = dailyStateSchema.safeParse(standing?.state);
  return known.data ?? { covered: [], slice_days: stream.sliceDays ?? SLICE_DAYS };
}

/** An incremental unit's state; fresh where there is none. */
export function incrementalState({ standing }: Unit): IncrementalState {
  const known = incrementalStateSchema.safeParse(standing?.state);
  return known.data ?? { cursor: null, began_at: null, read_at: null };
}

/** What a daily stream's new generation begins with: nothing covered, and as old a day wanted. Null for other states. */
export function resetState(state: unknown): DailyState | null {
  const known = dailyStateSchema.safeParse(state);
  return known.success ? { ...known.data, covered: [] } : null;
}

/** The days wanted of a daily unit: those of a first read, and all since the oldest that was ever wanted. */
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

/** The most days that a slice of a stream takes. */
export const maxSliceDays = ({ stream }: Unit): number => stream.sliceDays ?? SLICE_DAYS;

/** What of a unit has yet to be read in a run: stretches of days, newest first, or all of it. */
export function dueOf(unit: Unit, run: Run, now: number): { days: Slice[] } | { all: boolean } {
  if (unit.stream.mode === "daily")
    return { days: dueDays(dailyState(unit).covered, daysOf(unit, run, now)) };
  const readAt =
    unit.stream.mode === "snapshot"
      ? snapshotStateSchema.safeParse(unit.standing?.state).data?.read_at
      : incrementalState(unit).read_at;
  return { all: (readAt ?? -1) < run.startedAt };
}
