/**
 * Why a metric or a dashboard is not kept. Values, as everywhere.
 * @module
 */
import type { Problem } from "../../../schema/wire/error";
import { type Refusal, refuseAt } from "../../lib/refusal";

/** One thing that is wrong, and where; in a formula, from which character (from 0) up to which. */
export type Fault = NonNullable<Problem["errors"]>[number] & { at?: number; end?: number };

/** Everything that is wrong, under the code of the first. */
export function refuseFaults([first, ...rest]: readonly [Fault, ...Fault[]]): Refusal {
  const code = first.code === "unknown_name" ? "unknown_name" : "unprocessable";
  const others = rest.length ? ` (and ${rest.length} more)` : "";
  return { code, detail: `${first.message}${others}`, errors: [first, ...rest] };
}

/** A change that rests on another version than the kept one. */
export function refuseVersion(what: string, version: number): Refusal {
  return refuseAt("conflict", "version", `The ${what} is at version ${version}: read it and try again`);
}

/** Whether there is something wrong. */
export function isFaulty(faults: readonly Fault[]): faults is readonly [Fault, ...Fault[]] {
  return faults.length > 0;
}
