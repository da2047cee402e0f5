/**
 * One Durable Object per vendor account, for all projects and streams that read it: stores the account's limits and breaker.
 * Clients reserve a few calls in advance and report ordinary outcomes late, so that a sync makes few requests to it.
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

/** Calls that one client may reserve at once. */
const MAX_AHEAD = 10;
/** Usage from which a reading is reported immediately. */
const REPORT_AT_ONCE_FROM = 0.5;

interface ExchangeRequest {
  limits: readonly Limit[];
  /** Outcomes of earlier calls, oldest first. */
  outcomes: readonly { outcome: Outcome; at: number }[];
  /** Omitted when no call is planned. */
  take?: { cost: Cost; ahead: number };
  now: number;
}

interface ExchangeResponse {
  grant: Grant | null;
  /** Consecutive failures: while there are any, successes are reported immediately. */
  failures: number;
}

/** The limiter of one account. Its state is stored before calls are granted, so it can be evicted at any moment. */
export class AccountLimiter extends DurableObject {
  #state: LimiterState | undefined;

  get #stored(): LimiterState {
    this.#state ??= this.ctx.storage.kv.get<LimiterState>("state") ?? initialState();
    return this.#state;
  }

  /** Records outcomes of calls and grants further ones. */
  exchange({ limits, outcomes, take, now }: ExchangeRequest): ExchangeResponse {
    const state = this.#stored;
    for (const { outcome, at } of outcomes) recordOutcome(state, outcome, at);
    const granted = take ? grant(state, limits, take.cost, take.ahead, now) : null;
    this.ctx.storage.kv.put("state", state);
    return { grant: granted, failures: state.breaker.failures };
  }

  /** Describes the limits for people. */
  describe(limits: readonly Limit[], now: number): Omit<AccountLimits, "account"> {
    return describeLimits(this.#stored, limits, now);
  }
}

/** Binding of the limiters. */
export interface LimiterBindings {
  LIMITER: {
    idFromName(name: string): DurableObjectId;
    get(id: DurableObjectId): {
      exchange(request: ExchangeRequest): Promise<ExchangeResponse>;
      describe(limits: readonly Limit[], now: number): Promise<Omit<AccountLimits, "account">>;
    };
  };
}

/** Identifies an account together with its id: drivers may use the same ids. */
type Vendor = Pick<Driver, "name" | "limits">;

const stubOf = ({ LIMITER }: LimiterBindings, { name }: Vendor, account: string) =>
  LIMITER.get(LIMITER.idFromName(`${name}:${account}`));

/** Returns the shared limiter of an account. Create one per account for each sync or request. */
export function limiterOf(bindings: LimiterBindings, vendor: Vendor, account: string): Limiter {
  return new SharedLimiter(stubOf(bindings, vendor, account), vendor.limits);
}

/** Describes the limits of accounts for people. */
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
    // Reserved calls assumed a healthy account.
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
