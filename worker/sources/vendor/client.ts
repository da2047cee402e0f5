/**
 * The vendor client: calls a vendor on behalf of one source. It applies the account's limiter, signs requests, renews access and
 * retries, so that a driver only defines requests and interprets responses.
 * @module
 */
import { type Backoff, jitteredBackoffMs } from "../../lib/retry";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { type Fetch, sendCall } from "./client-request";
import { type Clock, systemClock } from "./clock";
import {
  type Answer,
  type Call,
  type Driver,
  type DriverContext,
  type Json,
  type Secrets,
  SourceError,
} from "./driver";
import type { Limiter, Outcome } from "./limiter";

/** Default attempts per call. */
const ATTEMPTS = 5;
const BACKOFF: Backoff = { firstMs: SECOND_MS, maxMs: MINUTE_MS };
/** Longer waits are returned to the caller: it waits for ten-second windows, but not for minutes. */
export const MAX_SLEEP_MS = 15 * SECOND_MS;

/** Options of a client. */
export interface VendorClientOptions {
  driver: Driver;
  /** Settings of the source; parsed with the driver's schema. */
  settings: Record<string, Json>;
  secrets: Secrets;
  /** Overrides of the driver's own values. */
  baseUrl?: string;
  version?: string;
  /** Returns the limiter of an account; undefined is the connection itself, before accounts are selected. */
  limiter(account: string | undefined): Limiter;
  /** Returns new secrets for rejected ones; absent when access cannot be renewed. Throws SourceError `auth` when it expired. */
  renew?(secrets: Secrets): Promise<Secrets>;
  /** Stores renewed secrets; the call is repeated only after that. */
  onSecrets?(secrets: Secrets): Promise<void>;
  fetch?: Fetch;
  clock?: Clock;
  /** Attempts per call. Default: 5; fewer where a person waits. */
  attempts?: number;
}

/** Totals of a client's calls. */
export interface Counters {
  requests: number;
  /** Size of the decoded responses. */
  bytes: number;
  /** Rate-limited responses. */
  throttled: number;
}

export interface VendorClient {
  driver: Driver;
  context: DriverContext;
  counters: Counters;
  clock: Clock;
}

/** Creates a client. Throws SourceError `invalid` when the settings do not match the driver's schema. */
export function openClient(options: VendorClientOptions): VendorClient {
  const { driver, clock = systemClock } = options;
  const parsed = driver.settings.safeParse(options.settings);
  if (!parsed.success) throw new SourceError("invalid", `settings: ${parsed.error.issues[0]?.message ?? ""}`);
  const counters: Counters = { requests: 0, bytes: 0, throttled: 0 };
  const version = options.version ?? driver.version ?? "";
  const caller = new CallRunner({ ...options, settings: parsed.data, version, clock, counters });
  const context: DriverContext = {
    settings: parsed.data,
    version,
    now: () => clock.now(),
    sleep: (ms) => clock.sleep(ms),
    call: (call, account) => caller.call(call, account),
  };
  return { driver, context, counters, clock };
}

interface CallerOptions extends VendorClientOptions {
  version: string;
  clock: Clock;
  counters: Counters;
}

/** Runs the calls of one client. */
class CallRunner {
  #secrets: Secrets;
  /** The renewal in progress, shared by calls that were rejected at the same time. */
  #renewing: Promise<void> | undefined;

  constructor(readonly options: CallerOptions) {
    this.#secrets = options.secrets;
  }

  async call(call: Call, account: string | undefined): Promise<Answer> {
    const limiter = this.options.limiter(account);
    let hasRenewed = false;
    for (let attempt = 1; ; ) {
      const secrets = this.#secrets;
      await this.#pass(limiter, call);
      const result = await this.#try(limiter, call, secrets);
      if (!(result instanceof SourceError)) return result;
      if (result.code === "auth" && this.options.renew && !hasRenewed) {
        hasRenewed = true;
        await this.#renew(secrets);
      } else await this.#rest(result, attempt++);
    }
  }

  /** Waits until the limiter grants a call. */
  async #pass(limiter: Limiter, { cost }: Call): Promise<void> {
    const { clock } = this.options;
    const patience = clock.now() + MAX_SLEEP_MS;
    for (;;) {
      const { wait_until, breaker } = await limiter.take(cost, clock.now());
      if (wait_until === null) return;
      if (breaker) throw new SourceError("breaker_open", "too many failures in a row", { until: wait_until });
      if (wait_until > patience)
        throw new SourceError("rate_limited", "the account's rate limit is used up", { until: wait_until });
      await clock.sleep(Math.max(1, wait_until - clock.now()));
    }
  }

  /** One attempt. Returns the response, or the error. */
  async #try(limiter: Limiter, call: Call, secrets: Secrets): Promise<Answer | SourceError> {
    const { driver, settings, version, clock, counters, fetch: send = defaultFetch } = this.options;
    counters.requests += 1;
    const outcome: Outcome = { ok: true, usage: [] };
    try {
      const signed = driver.sign(secrets, { settings, version });
      const { answer, bytes } = await sendCall(send, this.#url(call.path), call, signed);
      counters.bytes += bytes;
      const now = clock.now();
      outcome.usage = driver.usage?.(answer, call, now) ?? [];
      const failure = driver.failure(answer, call, now);
      if (failure === null) return answer;
      return this.#count(failure, outcome);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      return this.#count(error, outcome);
    } finally {
      await limiter.report(outcome, clock.now());
    }
  }

  #count(failure: SourceError, outcome: Outcome): SourceError {
    if (failure.code === "rate_limited") this.options.counters.throttled += 1;
    outcome.ok = failure.code !== "unavailable";
    outcome.until = failure.until;
    return failure;
  }

  /** Waits before the next attempt. Throws the failure when it is not temporary or the wait is too long. */
  async #rest(failure: SourceError, attempt: number): Promise<void> {
    const { clock } = this.options;
    if (failure.code !== "rate_limited" && failure.code !== "unavailable") throw failure;
    const now = clock.now();
    const isLast = attempt >= (this.options.attempts ?? ATTEMPTS);
    const wait = () => (isLast ? BACKOFF.maxMs : jitteredBackoffMs(attempt, BACKOFF, () => clock.random()));
    const until = failure.until ?? now + wait();
    if (isLast || until - now > MAX_SLEEP_MS)
      throw new SourceError(failure.code, failure.message, { cause: failure, until });
    await clock.sleep(Math.max(0, until - now));
  }

  /** Renews rejected secrets, unless another call already did. */
  async #renew(refused: Secrets): Promise<void> {
    const { renew, onSecrets } = this.options;
    if (this.#secrets !== refused || !renew) return;
    this.#renewing ??= (async () => {
      try {
        const secrets = await renew(refused);
        await onSecrets?.(secrets);
        this.#secrets = secrets;
      } finally {
        this.#renewing = undefined;
      }
    })();
    await this.#renewing;
  }

  /** Resolves a path against the base URL, its query unchanged. An absolute URL must have the same origin. */
  #url(path: string): string {
    const base = (this.options.baseUrl ?? this.options.driver.baseUrl).replace(/\/$/, "");
    if (path.startsWith("/")) return base + path;
    if (URL.canParse(path) && new URL(path).origin === new URL(base).origin) return path;
    throw new SourceError("invalid", "the vendor's link points to another host");
  }
}

const defaultFetch: Fetch = (url, init) => fetch(url, init);
