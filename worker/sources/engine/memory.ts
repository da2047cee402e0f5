/**
 * State of a run between steps: errors, waits and counts. Plain data, stored by the caller. If it is lost, failed units are
 * only retried.
 * @module
 */
import type { SourceErrorInfo } from "../../../schema/wire/source";
import { MINUTE_MS } from "../../lib/time";
import type { SourceError } from "../vendor/driver";
import type { Unit } from "./units";

/** Failures of a unit as unavailable, without a success in between, after which the run skips it. */
const TRIES = 6;
/** Wait when the vendor does not specify one. */
const WAIT_MS = MINUTE_MS;

export interface RunMemory {
  /** By unit: the error for which the run skips it. */
  failed: Record<string, SourceErrorInfo>;
  /** By account: epoch ms before which it is not queried. */
  waits: Record<string, number>;
  /** By unit: failures since the last success. */
  tries: Record<string, number>;
  /** By stream: new or changed records. */
  records: Record<string, number>;
  /** By stream: commits. */
  commits: Record<string, number>;
  /** The error that stops the whole run, such as lost access. */
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

/** Key of a unit in the memory. */
export const unitName = ({ key }: Unit): string => `${key.stream}/${key.account}`;

/** Records the success of a unit. */
export function recordProgress(memory: RunMemory, unit: Unit, records: number): void {
  const { stream } = unit.key;
  delete memory.tries[unitName(unit)];
  memory.records[stream] = (memory.records[stream] ?? 0) + records;
  memory.commits[stream] = (memory.commits[stream] ?? 0) + 1;
}

/** Records the failure of a unit. `canHalve`: its slice can be smaller next time. */
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
