/**
 * Refusals to store a metric or a dashboard.
 * @module
 */
import type { Problem } from "../../../schema/wire/error";
import { type Refusal, refuseAt } from "../../lib/refusal";

/** An error and its path; in a formula also its range of characters, from 0, half-open. */
export type Fault = NonNullable<Problem["errors"]>[number] & { at?: number; end?: number };

/** Rejects with all faults. */
export function refuseFaults([first, ...rest]: readonly [Fault, ...Fault[]]): Refusal {
  const code = first.code === "unknown_name" ? "unknown_name" : "definition_invalid";
  const others = rest.length ? ` (and ${rest.length} more)` : "";
  return { code, detail: `${first.message}${others}`, errors: [first, ...rest] };
}

/** Rejects a change that is based on another version than the stored one. */
export function refuseVersion(what: string, version: number): Refusal {
  return refuseAt(
    "version_conflict",
    "version",
    `The ${what} is at version ${version}: reload it and apply the change again`,
  );
}

/** Whether there are faults. */
export function isFaulty(faults: readonly Fault[]): faults is readonly [Fault, ...Fault[]] {
  return faults.length > 0;
}
