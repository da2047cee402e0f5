/**
 * The rate limiter of one vendor account: documented limits, usage from response headers, requested waits, and the breaker. Plain
 * data and functions; `AccountLimiter` stores it for all clients of the account.
 * @module
 */
import type { AccountLimits } from "../../../schema/wire/source";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { type BreakerState, beginCall, blockedUntil, breakerAt, closedBreaker, endCall } from "./breaker";
import type { Limit, Usage } from "./driver";
import { countOf, fitsAt, type Spent, spend } from "./limiter-window";

/** By limit name, as `Call.cost`; undefined counts one of each limit. */
export type Cost = Record<string, number> | undefined;

/** Outcome of a call. `ok` is any response, also one that requires a wait; otherwise the vendor failed or did not respond. */
export interface Outcome {
  ok: boolean;
  usage: Usage[];
  /** Epoch ms before which no call may be made. */
  until?: number;
}

/** Called before each call and with its outcome. One per account. */
export interface Limiter {
  /**
   * `wait_until` is null when the call is allowed, else the epoch ms to try again; `breaker`: the wait is caused by the
   * breaker.
   */
  take(cost: Cost, now: number): Promise<{ wait_until: number | null; breaker: boolean }>;
  report(outcome: Outcome, now: number): Promise<void>;
}

/** From this share of usage, calls are spaced out, by `SPACED_MS` at full usage. */
const SPACING_FROM = 0.9;
const SPACED_MS = MINUTE_MS;
/** How long usage from a header is valid. */
const USAGE_VALID_MS = 5 * MINUTE_MS;
/** Reserved calls are valid for this long at most, and for a part of the shortest window. */
const MAX_HOLD_MS = 10 * SECOND_MS;
const HOLD_PARTS = 4;
/** Share of the free calls that one client may reserve. */
const AHEAD_SHARE = 0.1;

/** State of an account's limiter; plain data. */
export interface LimiterState {
  /** By limit name. */
  spent: Record<string, Spent>;
  /** Usage from response headers, by name. */
  usage: Record<string, { used: number; until: number | null; at: number }>;
  /** Epoch ms before which no call may be made. */
  until: number;
  /** When the last call was granted. */
  last_at: number;
  breaker: BreakerState;
}

/** Returns the state of an account without calls. */
export const initialState = (): LimiterState => ({
  spent: {},
  usage: {},
  until: 0,
  last_at: 0,
  breaker: closedBreaker(),
});

/** Calls of one cost that are allowed until a time, or when to ask again. */
export type Grant = { times: number; until: number } | { wait_until: number; breaker: boolean };

/** Grants up to `ahead` calls of a cost and counts them, or returns when one is allowed. Mutates the state. */
export function grant(
  state: LimiterState,
  limits: readonly Limit[],
  cost: Cost,
  ahead: number,
  now: number,
): Grant {
  const held = blockedUntil(state.breaker, now);
  if (held !== null) return { wait_until: held, breaker: true };
  const costs = limits
    .map((limit) => ({ limit, calls: cost ? (cost[limit.name] ?? 0) : 1, spent: spentOf(state, limit.name) }))
    .filter(({ calls }) => calls > 0);
  const free = Math.max(
    state.until,
    state.last_at + spacingMs(state, now),
    ...costs.map(({ limit, calls, spent }) => fitsAt(spent, limit, calls, now)),
  );
  if (free > now) return { wait_until: free, breaker: false };
  const isSingle = breakerAt(state.breaker, now) !== "closed" || spacingMs(state, now) > 0;
  const rooms = costs.map(({ limit, calls, spent }) =>
    Math.floor(((limit.calls - countOf(spent, now)) * AHEAD_SHARE) / calls),
  );
  const times = isSingle ? 1 : Math.max(1, Math.min(ahead, ...rooms));
  const until = now + Math.min(MAX_HOLD_MS, ...costs.map(({ limit }) => limit.perMs / HOLD_PARTS));
  for (const { limit, calls, spent } of costs) spend(spent, limit, calls * times, until);
  state.last_at = now;
  beginCall(state.breaker, now);
  return { times, until };
}

/** Records the outcome of a call. Mutates the state. */
export function recordOutcome(state: LimiterState, outcome: Outcome, now: number): void {
  endCall(state.breaker, outcome.ok, now);
  state.until = Math.max(state.until, outcome.until ?? 0);
  for (const { name, used, until } of outcome.usage) {
    state.usage[name] = { used: Math.max(0, used), until: until ?? null, at: now };
    state.until = Math.max(state.until, until ?? 0);
  }
}

/** Describes the limits for people: documented limits as counted here, then usage from headers. */
export function describeLimits(
  state: LimiterState,
  limits: readonly Limit[],
  now: number,
): Omit<AccountLimits, "account"> {
  const counted = limits.map((limit) => {
    const spent = spentOf(state, limit.name);
    const used = countOf(spent, now) / limit.calls;
    return { name: limit.name, used, until: used < 1 ? null : fitsAt(spent, limit, 1, now) };
  });
  const read = Object.entries(state.usage).map(([name, { used, until, at }]) => {
    const isOver = until === null ? at + USAGE_VALID_MS <= now : until <= now;
    return { name, used: isOver ? 0 : Math.min(1, used), until: isOver ? null : until };
  });
  const named = new Set(read.map(({ name }) => name));
  const limit =
    state.until > now && !read.some(({ until }) => until !== null)
      ? [{ name: "wait", used: 1, until: state.until }]
      : [];
  return {
    breaker: breakerAt(state.breaker, now),
    failures: state.breaker.failures,
    opens_until: state.breaker.opens_until,
    limits: [...counted.filter(({ name }) => !named.has(name)), ...read, ...limit],
  };
}

function spentOf(state: LimiterState, name: string): Spent {
  state.spent[name] ??= [];
  return state.spent[name];
}

/** Minimum interval between calls, from recent usage in headers. */
function spacingMs(state: LimiterState, now: number): number {
  const recent = Object.values(state.usage).filter(
    ({ at, until }) => at + USAGE_VALID_MS > now && (until === null || until > now),
  );
  const used = Math.max(0, ...recent.map((reading) => reading.used));
  return used < SPACING_FROM
    ? 0
    : Math.ceil((SPACED_MS * (Math.min(1, used) - SPACING_FROM)) / (1 - SPACING_FROM));
}
