/**
 * What a run remembers from one step to the next: errors, waits and counts. Plain data; whoever drives the run keeps it.
 * When it is lost, failed units are tried once more, and nothing else happens.
 * @module
 */
import type { SourceErrorInfo } from "../../../schema/wire/source";
import { MINUTE_MS } from "../../lib/time";
import type { SourceError } from "../vendor/driver";
import type { Unit } from "./units";

/** Times a unit may find the vendor unavailable without a success in between before the run leaves it. */
const TRIES = 6;
/** Wait where the vendor does not say how long. */
const WAIT_MS = MINUTE_MS;

export interface RunMemory {
  /** By unit: why the run leaves it. */
  failed: Record<string, SourceErrorInfo>;
  /** By account: epoch ms until which it rests. */
  waits: Record<string, number>;
  /** By unit: failures since the last success. */
  tries: Record<string, number>;
  /** By stream: records that were new or had changed. */
  records: Record<string, number>;
  /** By stream: commits. */
  commits: Record<string, number>;
  /** Why the whole run stops: access has ended. */
  stopped: SourceErrorInfo | null;
}

export const newMemory = (): RunMemory => ({
  failed: {},
  waits: {},
  tries: {},
  records: {},
  commits: {},
  stopped: null,
});

/** The name of a unit in the memory. */
export const unitName = ({ key }: Unit): string => `${key.stream}/${key.account}`;

/** Notes that a unit went on. */
export function recordProgress(memory: RunMemory, unit: Unit, records: number): void {
  const { stream } = unit.key;
  delete memory.tries[unitName(unit)];
  memory.records[stream] = (memory.records[stream] ?? 0) + records;
  memory.commits[stream] = (memory.commits[stream] ?? 0) + 1;
}

/** Notes why a unit did not go on. `canHalve`: its slice can be smaller next time. */
export function recordFailure(
  memory: RunMemory,
  unit: Unit,
  error: SourceError,
  { now, canHalve }: { now: number; canHalve: boolean },
): void {
  const name = unitName(unit);
  const info = { code: error.code, message: error.message, stream: unit.key.stream, at: now };
  switch (error.code) {
    case "auth":
      memory.stopped = info;
      return;
    case "too_much":
      if (!canHalve) memory.failed[name] = info;
      return;
    case "rate_limited":
    case "breaker_open":
    case "unavailable": {
      const until = Math.max(error.until ?? now + WAIT_MS, memory.waits[unit.key.account] ?? 0);
      memory.waits[unit.key.account] = until;
      if (error.code !== "unavailable") return;
      memory.tries[name] = (memory.tries[name] ?? 0) + 1;
      if (memory.tries[name] >= TRIES) memory.failed[name] = info;
      return;
    }
    default:
      memory.failed[name] = info;
  }
}
