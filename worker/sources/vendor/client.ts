/**
 * A session: a driver with what it needs to ask its vendor. Every call passes the account's limiter, is signed, renewed
 * and tried again here, so that drivers only say what to ask and what an answer means.
 * @module
 */
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

/** Times a call is tried where nothing else is said. */
const ATTEMPTS = 5;
/** Full jitter: a random wait up to a second, doubling with each attempt, up to a minute. */
const FIRST_WAIT_MS = SECOND_MS;
const LONGEST_WAIT_MS = MINUTE_MS;
/** Longer waits are the caller's: documented windows of ten seconds are waited for, minutes are not. */
export const MAX_SLEEP_MS = 15 * SECOND_MS;

/** What a session is made of. */
export interface VendorClientOptions {
  driver: Driver;
  /** Of the source; parsed by the driver's schema. */
  settings: Record<string, Json>;
  secrets: Secrets;
  /** Configuration that takes the place of the driver's own. */
  baseUrl?: string;
  version?: string;
  /** The limiter of an account; undefined is the connection itself, before an account is chosen. */
  limiter(account: string | undefined): Limiter;
  /** New secrets for those refused; absent when access cannot be renewed. @throws SourceError `auth` when it has ended. */
  renew?(secrets: Secrets): Promise<Secrets>;
  /** Keeps renewed secrets; the call is repeated only after that. */
  onSecrets?(secrets: Secrets): Promise<void>;
  fetch?: Fetch;
  clock?: Clock;
  /** Times a call is tried. 5; fewer where somebody waits for the answer. */
  attempts?: number;
}

/** What has been asked so far. */
export interface Counters {
  requests: number;
  /** Of the answers, decoded. */
  bytes: number;
  /** Answers that asked to wait. */
  throttled: number;
}

export interface VendorClient {
  driver: Driver;
  context: DriverContext;
  counters: Counters;
  clock: Clock;
}

/** Makes a session. @throws SourceError `invalid` when the driver does not take the settings. */
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

/** Asks the vendor on behalf of one session. */
class CallRunner {
  #secrets: Secrets;
  /** A renewal under way, which calls refused at the same time share. */
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

  /** Waits until the limiter lets a call go. */
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

  /** One attempt: an answer, or why it is none. */
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

  /** Waits before the next attempt. @throws the failure when it does not pass, or not soon. */
  async #rest(failure: SourceError, attempt: number): Promise<void> {
    const { clock } = this.options;
    if (failure.code !== "rate_limited" && failure.code !== "unavailable") throw failure;
    const now = clock.now();
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1));
    const isLast = attempt >= (this.options.attempts ?? ATTEMPTS);
    const until = failure.until ?? now + (isLast ? LONGEST_WAIT_MS : clock.random() * longest);
    if (isLast || until - now > MAX_SLEEP_MS)
      throw new SourceError(failure.code, failure.message, { cause: failure, until });
    await clock.sleep(Math.max(0, until - now));
  }

  /** Renews the secrets that were refused, unless another call has done so. */
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

  /** A path below the base URL, its query untouched; an absolute URL must be of the same origin. */
  #url(path: string): string {
    const base = (this.options.baseUrl ?? this.options.driver.baseUrl).replace(/\/$/, "");
    if (path.startsWith("/")) return base + path;
    if (URL.canParse(path) && new URL(path).origin === new URL(base).origin) return path;
    throw new SourceError("invalid", "the vendor's link points to another host");
  }
}

const defaultFetch: Fetch = (url, init) => fetch(url, init);
