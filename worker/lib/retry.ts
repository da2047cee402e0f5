/**
 * Retries of work that may fail temporarily.
 * @module
 */

/** Exponential backoff: the longest wait doubles with each attempt, from `firstMs` up to `maxMs`. */
export interface Backoff {
  firstMs: number;
  maxMs: number;
}

export interface RetryOptions {
  /** How often the work is tried in all, at least 1. */
  attempts: number;
  /** Whether an error may pass when the work is tried again. Default: every error. */
  isRetryable?: (error: unknown) => boolean;
  /** Default: no wait between attempts. */
  backoff?: Backoff;
  /** For tests. */
  wait?: (ms: number) => Promise<void>;
  /** For tests: returns a number in [0, 1). */
  random?: () => number;
}

/** Returns the longest wait in ms after failed attempt number `attempt` (1, 2, …). */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff): number {
  return Math.min(maxMs, firstMs * 2 ** (attempt - 1));
}

/** Returns a random wait up to `backoffMs` ("full jitter"), so that many callers do not repeat at the same moment. */
export function jitteredBackoffMs(attempt: number, backoff: Backoff, random = Math.random): number {
  return random() * backoffMs(attempt, backoff);
}

/**
 * Runs `work` until it succeeds, with waits in between. `work` gets the number of the attempt, 1 at first.
 * Throws the last error when no attempts are left, and any other error that is not retryable at once.
 */
export async function retry<T>(work: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { attempts, isRetryable = () => true, backoff, wait = sleep, random } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= attempts || !isRetryable(error)) throw error;
      if (backoff) await wait(jitteredBackoffMs(attempt, backoff, random));
    }
  }
}

/**
 * Runs `work` until its result is not null, without waits: for optimistic writes that lost to another, and lists that
 * changed while they were read. Returns null when `attempts` results in a row are. Errors are thrown at once.
 */
export async function retryWhileNull<T>(attempts: number, work: () => Promise<T | null>): Promise<T | null> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const result = await work();
    if (result !== null) return result;
  }
  return null;
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
