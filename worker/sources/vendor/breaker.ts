/**
 * The circuit breaker of one vendor account: closed lets calls through, open none, half open one, whose outcome decides.
 * Times come from the caller, so that whoever keeps the state also keeps the clock.
 * @module
 */
import { MINUTE_MS } from "../../lib/time";

/** Failures in a row that open it. */
export const MAX_FAILURES = 5;
/** How long it stays open. */
export const OPEN_MS = 5 * MINUTE_MS;
/** A trial call that has not been heard of for this long has been lost; another one may go. */
export const TRIAL_MS = MINUTE_MS;

/** What is kept of a breaker; plain data. */
export interface BreakerState {
  /** Failures in a row. */
  failures: number;
  /** Epoch ms when an open one lets a trial through; null when closed. */
  opens_until: number | null;
  /** Epoch ms until which the trial call is awaited; null when none is under way. */
  trial_until: number | null;
}

/** A breaker that nothing has happened to. */
export const closedBreaker = (): BreakerState => ({ failures: 0, opens_until: null, trial_until: null });

/** Where it stands at a time. */
export function breakerAt(state: BreakerState, now: number): "closed" | "open" | "half_open" {
  if (state.opens_until === null) return "closed";
  return now < state.opens_until ? "open" : "half_open";
}

/** Epoch ms before which no call may go; null when one may go now. */
export function blockedUntil(state: BreakerState, now: number): number | null {
  const standing = breakerAt(state, now);
  if (standing === "closed") return null;
  if (standing === "open") return state.opens_until;
  return state.trial_until !== null && now < state.trial_until ? state.trial_until : null;
}

/** Notes that a call goes; of a half open breaker it is the trial. */
export function beginCall(state: BreakerState, now: number): void {
  if (breakerAt(state, now) === "half_open") state.trial_until = now + TRIAL_MS;
}

/** Notes how a call ended. Calls that were under way when it opened change nothing while it is open. */
export function endCall(state: BreakerState, ok: boolean, now: number): void {
  if (breakerAt(state, now) === "open") return;
  if (ok) Object.assign(state, closedBreaker());
  else {
    state.failures += 1;
    state.trial_until = null;
    if (state.failures >= MAX_FAILURES) state.opens_until = now + OPEN_MS;
  }
}
