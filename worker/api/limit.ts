/**
 * Limits enforced by the platform's rate limiter (wrangler.toml › ratelimits). On guessing: each action ten times a
 * minute for an address and for an account. On messages to others: the same for an account. On computing days again: the same for a project. On ingest: by key.
 * Cloudflare counts per location, so distributed clients can try more often.
 * @module
 */
import type { Context } from "hono";
import { Lru } from "../lib/lru";
import type { AppEnv } from "./context";
import { problem } from "./errors";

/** Period of LIMIT_AUTH. The limiter does not report the rest of it. */
const PERIOD_SECONDS = "60";

/** Refuses with 429 when the caller's address, or the named account, did `action` too often. */
export async function limitAuth<E extends AppEnv>(
  c: Context<E>,
  action: string,
  email?: string,
): Promise<void> {
  const keys = [`${action} address ${network(c.req.header("cf-connecting-ip"))}`];
  if (email) keys.push(`${action} account ${email}`);
  await demand(c.env.LIMIT_AUTH, keys);
}

/** Refuses with 429 when an account did `action`, which sends messages to others, too often. */
export async function limitReach<E extends AppEnv>(
  c: Context<E>,
  action: string,
  user: string,
): Promise<void> {
  await demand(c.env.LIMIT_AUTH, [`${action} account ${user}`]);
}

/**
 * Refuses with 429 when all days of a project were to be computed again too often: marking thousands of days, and computing
 * them, costs more than any other request.
 */
export async function limitRecompute<E extends AppEnv>(c: Context<E>, project: string): Promise<void> {
  await demand(c.env.LIMIT_AUTH, [`recompute project ${project}`]);
}

async function demand(limiter: RateLimit, keys: string[]): Promise<void> {
  const answers = await Promise.all(keys.map((key) => limiter.limit({ key })));
  if (answers.every((answer) => answer.success)) return;
  problem("rate_limited", "Too many attempts: wait a minute", undefined, { "retry-after": PERIOD_SECONDS });
}

/** An IPv4 address as is; of IPv6 the /64, which belongs to one subscriber. */
function network(address = "unknown"): string {
  if (!address.includes(":")) return address;
  const [head = ""] = address.split("::");
  return head.split(":").slice(0, 4).join(":");
}

/** Requests of a key that are counted with one call of the ingest limiter: LIMIT_INGEST counts in tens. */
const INGEST_STEP = 10;
/** A key that was over its limit is refused this long without another call. */
const REFUSED_MS = 1000;
/** Most keys in memory. */
const REMEMBERED = 10_000;
const keys = new Lru<string, { requests: number; refusedUntil: number }>({ maxEntries: REMEMBERED });

/**
 * Whether a write key may send now. The limiter is called at the first and then at every tenth request of a key in an
 * isolate, because a call costs as much as enriching the events; near a limit of thousands the result is the same.
 */
export async function mayIngest(limiter: RateLimit, key: string, now: number): Promise<boolean> {
  const known = keys.get(key) ?? { requests: 0, refusedUntil: 0 };
  keys.set(key, known);
  if (now < known.refusedUntil) return false;
  if (known.requests++ % INGEST_STEP > 0) return true;
  const { success } = await limiter.limit({ key });
  if (!success) known.refusedUntil = now + REFUSED_MS;
  return success;
}
