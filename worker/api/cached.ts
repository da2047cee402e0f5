/**
 * Responses cached at the edge until the data behind them changes, five minutes at most.
 *
 * The Cache API is shared by all tenants of a location, so every key starts with a project that the caller may
 * read, and contains nothing of the caller: members of a project share responses, others cannot address them.
 * @module
 */
import { waitUntil } from "cloudflare:workers";

/** Longest time that a response is cached, in seconds. */
const MAX_AGE = 300;
/** Buckets end at quarter hours at most (time zones with :45 offsets): a response must not outlive its open bucket. */
const QUARTER_MS = 900_000;

/** What a response depends on, besides the question. */
export interface Watermark {
  project: string;
  seq: number;
  epoch: number;
  complete_until: number | null;
  /** Changes when a mart is built. */
  marts: number;
}

/** The cached response, or the result of `make`, which is then cached. `make` throws refusals, which are not cached. */
export async function cached<T extends object>(
  watermark: Watermark,
  question: unknown,
  now: number,
  make: () => Promise<T>,
): Promise<{ body: T; hit: boolean }> {
  const key = await cacheKeyOf(watermark, question, now);
  const cache = await caches.open("answers");
  const found = await cache.match(key);
  if (found) return { body: await found.json<T>(), hit: true };
  const body = await make();
  const response = Response.json(body, { headers: { "cache-control": `max-age=${MAX_AGE}` } });
  waitUntil(cache.put(key, response));
  return { body, hit: false };
}

/** A URL without a real host: the cache accepts only URLs as keys. */
async function cacheKeyOf(
  { project, seq, epoch, complete_until, marts }: Watermark,
  question: unknown,
  now: number,
): Promise<string> {
  const text = JSON.stringify([question, seq, epoch, complete_until, marts, Math.floor(now / QUARTER_MS)]);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return `https://answers.invalid/${encodeURIComponent(project)}/${digest.toHex()}`;
}
