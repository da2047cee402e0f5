/**
 * Answers kept at the edge until the numbers behind them move, five minutes at most.
 *
 * The Cache API is shared by all tenants of a location, so every key begins with the project that the caller has been
 * let into, and nothing of the caller is in it: colleagues share answers, others cannot address them.
 * @module
 */
import { waitUntil } from "cloudflare:workers";

/** Longest time that an answer is kept, in seconds. */
const MAX_AGE = 300;
/** Buckets end on quarter hours at most (time zones with :45 offsets): an answer must not outlive its open bucket. */
const QUARTER_MS = 900_000;

/** What an answer rests on, besides the question. */
export interface Watermark {
  project: string;
  seq: number;
  epoch: number;
  complete_until: number | null;
  /** Moves when what sources said is built. */
  marts: number;
}

/** The kept answer, or the one that `make` gives. `make` answers null for what must not be kept and throws refusals. */
export async function cached<T extends object>(
  watermark: Watermark,
  question: unknown,
  now: number,
  make: () => Promise<T>,
): Promise<{ body: T; hit: boolean }> {
  const key = await keyOf(watermark, question, now);
  const cache = await caches.open("answers");
  const kept = await cache.match(key);
  if (kept) return { body: await kept.json<T>(), hit: true };
  const body = await make();
  const response = Response.json(body, { headers: { "cache-control": `max-age=${MAX_AGE}` } });
  waitUntil(cache.put(key, response));
  return { body, hit: false };
}

/** A URL of no host: the cache takes nothing else for a key. */
async function keyOf(
  { project, seq, epoch, complete_until, marts }: Watermark,
  question: unknown,
  now: number,
): Promise<string> {
  const text = JSON.stringify([question, seq, epoch, complete_until, marts, Math.floor(now / QUARTER_MS)]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `https://answers.invalid/${encodeURIComponent(project)}/${digest.toHex()}`;
}
