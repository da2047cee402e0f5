/**
 * The circuit breaker of one vendor account: closed lets calls through, open blocks them, half open lets one trial call
 * through, whose outcome decides. Times are passed in by the caller, which stores the state.
 * @module
 */
import { MINUTE_MS } from "../../lib/time";

/** Consecutive failures that open it. */
export const MAX_FAILURES = 5;
/** How long it stays open. */
export const OPEN_MS = 5 * MINUTE_MS;
/** A trial call without an outcome for this long is considered lost; another one is allowed. */
export const TRIAL_MS = MINUTE_MS;

/** State of a breaker; plain data. */
export interface BreakerState {
  /** Consecutive failures. */
  failures: number;
  /** Epoch ms from which an open breaker allows a trial; null when closed. */
  opens_until: number | null;
  /** Epoch ms until which the outcome of the trial call is awaited; null when there is none. */
  trial_until: number | null;
}

/** The state of a new breaker. */
export const closedBreaker = (): BreakerState => ({ failures: 0, opens_until: null, trial_until: null });

/** The breaker's mode at a time. */
export function breakerAt(state: BreakerState, now: number): "closed" | "open" | "half_open" {
  if (state.opens_until === null) return "closed";
  return now < state.opens_until ? "open" : "half_open";
}

/** Epoch ms before which no call is allowed; null when one is allowed now. */
export function blockedUntil(state: BreakerState, now: number): number | null {
  const mode = breakerAt(state, now);
  if (mode === "closed") return null;
  if (mode === "open") return state.opens_until;
  return state.trial_until !== null && now < state.trial_until ? state.trial_until : null;
}

/** Records the start of a call; in a half open breaker it is the trial. */
export function beginCall(state: BreakerState, now: number): void {
  if (breakerAt(state, now) === "half_open") state.trial_until = now + TRIAL_MS;
}

/** Records the outcome of a call. Calls that started before it opened change nothing while it is open. */
export function endCall(state: BreakerState, ok: boolean, now: number): void {
  if (breakerAt(state, now) === "open") return;
  if (ok) Object.assign(state, closedBreaker());
  else {
    state.failures += 1;
    state.trial_until = null;
    if (state.failures >= MAX_FAILURES) state.opens_until = now + OPEN_MS;
  }
}
