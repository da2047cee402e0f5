/**
 * Progress of a run for display. Pure.
 * @module
 */
import type { StreamProgress, SyncProgress } from "../../../schema/wire/source";
import { daysIn } from "./coverage";
import { type RunMemory, unitName } from "./memory";
import { dailyState, daysOf, dueOf, type Run, type Unit } from "./units";

/** Progress of every stream, in the driver's order. `current` is the unit being read. */
export function progressOf(
  units: readonly Unit[],
  run: Run,
  memory: RunMemory,
  now: number,
  current?: Unit,
): SyncProgress {
  const byStream = Map.groupBy(units, ({ key }) => key.stream);
  return [...byStream].map(([stream, own]): StreamProgress => {
    const failed = own.flatMap((unit) => memory.failed[unitName(unit)] ?? []);
    const open = own.filter(
      (unit) => memory.failed[unitName(unit)] === undefined && leftOf(unit, run, now) > 0,
    );
    const waits = open.map((unit) => memory.waits[unit.key.account] ?? 0).filter((until) => until > now);
    const isWaiting = open.length > 0 && waits.length === open.length;
    const error = failed[0] ?? memory.stopped;
    const isBegun = own.some((unit) => unit === current) || (memory.commits[stream] ?? 0) > 0;
    const status =
      open.length === 0
        ? failed.length > 0
          ? "incomplete"
          : "complete"
        : memory.stopped
          ? "incomplete"
          : isWaiting
            ? "rate_limited"
            : isBegun
              ? "running"
              : "pending";
    return {
      stream,
      status,
      ...countsOf(own, run, memory, now),
      records: memory.records[stream] ?? 0,
      waiting_until: isWaiting ? Math.min(...waits) : null,
      error: open.length === 0 && failed.length === 0 ? null : error,
    };
  });
}

/** Number of days left; 1 for other streams that are due. */
function leftOf(unit: Unit, run: Run, now: number): number {
  const due = dueOf(unit, run, now);
  return "all" in due ? Number(due.all) : due.days.reduce((sum, slice) => sum + daysIn(slice), 0);
}

/** Days of daily streams; accounts of snapshot streams; commits of incremental streams, whose total is unknown. */
function countsOf(units: readonly Unit[], run: Run, memory: RunMemory, now: number) {
  const left = units.reduce((sum, unit) => sum + leftOf(unit, run, now), 0);
  const mode = units[0]?.stream.mode;
  const stream = units[0]?.key.stream ?? "";
  if (mode === "incremental") return { done: memory.commits[stream] ?? 0, total: null };
  if (mode === "snapshot") return { done: units.length - left, total: units.length };
  const done = units.reduce((sum, unit) => sum + readDaysOf(unit, run, now), 0);
  return { done, total: done + left };
}

/** Number of days read since the run began. */
function readDaysOf(unit: Unit, run: Run, now: number): number {
  const { since } = daysOf(unit, run, now);
  const own = dailyState(unit).covered.filter(({ read_at, to }) => read_at >= run.startedAt && to >= since);
  return own.reduce((sum, { from, to }) => sum + daysIn({ from: from > since ? from : since, to }), 0);
}
