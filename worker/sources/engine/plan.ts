/**
 * Chooses the next read. Pure: the same cursors, memory and time give the same result, so that any isolate can continue a
 * run.
 * @module
 */
import type { Slice } from "../vendor/driver";
import { newestSlice } from "./coverage";
import { type RunMemory, unitName } from "./memory";
import { dailyState, dueOf, type Run, type Unit } from "./units";

/** A read; `slice` for daily units. */
export interface Task {
  unit: Unit;
  slice?: Slice;
}

export type Plan = { task: Task } | { waitUntil: number } | { done: true };

interface Candidate extends Task {
  rank: number;
  tries: number;
}

/**
 * Ranks, so that people see recent days first: names of objects, the newest days of every report, changes, then older days.
 * Within a rank: fewest failures, then newest days, then the driver's order.
 */
const RANK = { objects: 0, newestDays: 1, changes: 2, olderDays: 3 };

/** Returns the next due read; a wait when the accounts of all due units have to wait. */
export function nextTask(units: readonly Unit[], run: Run, memory: RunMemory, now: number): Plan {
  if (memory.stopped) return { done: true };
  const candidates = units
    .filter((unit) => memory.failed[unitName(unit)] === undefined)
    .flatMap((unit) => candidateOf(unit, run, memory, now) ?? []);
  const ready = candidates.filter(({ unit }) => (memory.waits[unit.key.account] ?? 0) <= now).sort(inOrder);
  if (ready[0]) return { task: { unit: ready[0].unit, slice: ready[0].slice } };
  if (candidates.length === 0) return { done: true };
  return { waitUntil: Math.min(...candidates.map(({ unit }) => memory.waits[unit.key.account] ?? now)) };
}

function candidateOf(unit: Unit, run: Run, memory: RunMemory, now: number): Candidate | null {
  const due = dueOf(unit, run, now);
  const tries = memory.tries[unitName(unit)] ?? 0;
  if ("all" in due) {
    const rank = unit.stream.mode === "snapshot" ? RANK.objects : RANK.changes;
    return due.all ? { unit, rank, tries } : null;
  }
  const [newest] = due.days;
  if (!newest) return null;
  const state = dailyState(unit);
  const isNewest =
    newest.to > (state.covered.at(-1)?.to ?? "") || isStale(state.covered.at(-1)?.read_at, run);
  return {
    unit,
    slice: newestSlice(newest, state.slice_days),
    rank: isNewest ? RANK.newestDays : RANK.olderDays,
    tries,
  };
}

/** Whether the newest days have not been read in this run. */
const isStale = (readAt: number | undefined, run: Run) => (readAt ?? 0) < run.startedAt;

function inOrder(a: Candidate, b: Candidate): number {
  return a.rank - b.rank || a.tries - b.tries || compare(b.slice?.to ?? "", a.slice?.to ?? "");
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
