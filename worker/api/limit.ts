/**
 * Limits on guessing, held by the platform's rate limiter: each action ten times a minute for an address and for an
 * account (wrangler.toml › LIMIT_AUTH). Cloudflare counts per location, so a crowd of locations can try more often.
 * @module
 */
import type { Context } from "hono";
import type { AppEnv } from "./auth";
import { problem } from "./errors";

/** Period of LIMIT_AUTH. The limiter does not say how much of it is left. */
const PERIOD_SECONDS = "60";

/** Refuses with 429 when the caller's address, or the account it names, did `action` too often. */
export async function limitAuth<E extends AppEnv>(
  c: Context<E>,
  action: string,
  email?: string,
): Promise<void> {
  const keys = [`${action} address ${network(c.req.header("cf-connecting-ip"))}`];
  if (email) keys.push(`${action} account ${email}`);
  const answers = await Promise.all(keys.map((key) => c.env.LIMIT_AUTH.limit({ key })));
  if (answers.every((answer) => answer.success)) return;
  problem("rate_limited", "Too many attempts: wait a minute", undefined, { "retry-after": PERIOD_SECONDS });
}

/** An IPv4 address as it is; of IPv6 the /64, which one subscriber holds whole. */
function network(address = "unknown"): string {
  if (!address.includes(":")) return address;
  const [head = ""] = address.split("::");
  return head.split(":").slice(0, 4).join(":");
}
