/**
 * One Durable Object for each account of a vendor, whichever projects and streams read it: it keeps the account's limits
 * and breaker. Askers take a few calls ahead and tell good news late, so that a sync costs it few requests.
 * @module
 */
import { DurableObject } from "cloudflare:workers";
import type { AccountLimits } from "../../../schema/wire/source";
import type { Driver, Limit } from "./driver";
import {
  type Cost,
  describeLimits,
  type Grant,
  grant,
  initialState,
  type Limiter,
  type LimiterState,
  type Outcome,
  recordOutcome,
} from "./limiter";

/** Calls that one asker takes ahead at most. */
const MAX_AHEAD = 10;
/** A share used from which on a reading is told at once. */
const REPORT_AT_ONCE_FROM = 0.5;

interface ExchangeRequest {
  limits: readonly Limit[];
  /** How earlier calls ended, oldest first. */
  outcomes: readonly { outcome: Outcome; at: number }[];
  /** Left out when nothing is to be called. */
  take?: { cost: Cost; ahead: number };
  now: number;
}

interface ExchangeResponse {
  grant: Grant | null;
  /** Failures in a row: while there are some, good news matters at once. */
  failures: number;
}

/** Keeps one account. Its state is in storage before anybody calls, so it may be put away at any moment. */
export class AccountLimiter extends DurableObject {
  #state: LimiterState | undefined;

  get #kept(): LimiterState {
    this.#state ??= this.ctx.storage.kv.get<LimiterState>("state") ?? initialState();
    return this.#state;
  }

  /** Hears how calls ended and lets further ones go. */
  exchange({ limits, outcomes, take, now }: ExchangeRequest): ExchangeResponse {
    const state = this.#kept;
    for (const { outcome, at } of outcomes) recordOutcome(state, outcome, at);
    const granted = take ? grant(state, limits, take.cost, take.ahead, now) : null;
    this.ctx.storage.kv.put("state", state);
    return { grant: granted, failures: state.breaker.failures };
  }

  /** What people see of it. */
  describe(limits: readonly Limit[], now: number): Omit<AccountLimits, "account"> {
    return describeLimits(this.#kept, limits, now);
  }
}

/** What it takes to reach the accounts. */
export interface LimiterBindings {
  LIMITER: {
    idFromName(name: string): DurableObjectId;
    get(id: DurableObjectId): {
      exchange(asked: ExchangeRequest): Promise<ExchangeResponse>;
      describe(limits: readonly Limit[], now: number): Promise<Omit<AccountLimits, "account">>;
    };
  };
}

/** What tells an account from others: drivers may use the same ids. */
type Vendor = Pick<Driver, "name" | "limits">;

const stubOf = ({ LIMITER }: LimiterBindings, { name }: Vendor, account: string) =>
  LIMITER.get(LIMITER.idFromName(`${name}:${account}`));

/** The limiter that all who ask this account share. Make one for each sync or request and account. */
export function limiterOf(bindings: LimiterBindings, vendor: Vendor, account: string): Limiter {
  return new SharedLimiter(stubOf(bindings, vendor, account), vendor.limits);
}

/** How the accounts stand, for people. */
export function accountLimits(
  bindings: LimiterBindings,
  vendor: Vendor,
  accounts: readonly string[],
  now: number,
): Promise<AccountLimits[]> {
  return Promise.all(
    accounts.map(async (account) => ({
      account,
      ...(await stubOf(bindings, vendor, account).describe(vendor.limits, now)),
    })),
  );
}

class SharedLimiter implements Limiter {
  readonly #ahead = new Map<string, { times: number; until: number }>();
  #quiet: { outcome: Outcome; at: number } | undefined;
  #failures = 0;

  constructor(
    readonly stub: ReturnType<typeof stubOf>,
    readonly limits: readonly Limit[],
  ) {}

  async take(cost: Cost, now: number) {
    const name = JSON.stringify(cost ?? null);
    const held = this.#ahead.get(name);
    if (held && held.times > 0 && now < held.until) {
      held.times -= 1;
      return { wait_until: null, breaker: false };
    }
    const granted = await this.#exchange(now, { cost, ahead: MAX_AHEAD });
    if (granted === null || "wait_until" in granted) return granted ?? { wait_until: null, breaker: false };
    this.#ahead.set(name, { times: granted.times - 1, until: granted.until });
    return { wait_until: null, breaker: false };
  }

  async report(outcome: Outcome, now: number): Promise<void> {
    const isQuiet =
      outcome.ok &&
      outcome.until === undefined &&
      outcome.usage.every(({ used, until }) => used < REPORT_AT_ONCE_FROM && until === undefined);
    const readings = new Map(
      [...(this.#quiet?.outcome.usage ?? []), ...outcome.usage].map((u) => [u.name, u]),
    );
    this.#quiet = { outcome: { ...outcome, usage: [...readings.values()] }, at: now };
    if (isQuiet && this.#failures === 0) return;
    // What was taken ahead was meant for better times.
    this.#ahead.clear();
    await this.#exchange(now);
  }

  async #exchange(now: number, take?: ExchangeRequest["take"]): Promise<Grant | null> {
    const outcomes = this.#quiet ? [this.#quiet] : [];
    this.#quiet = undefined;
    const response = await this.stub.exchange({ limits: this.limits, outcomes, now, ...(take && { take }) });
    this.#failures = response.failures;
    return response.grant;
  }
}
