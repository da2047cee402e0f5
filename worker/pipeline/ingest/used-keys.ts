/**
 * Keys of requests that the queue has acknowledged, as far as they are known at the edge: in the isolate's memory, and for
 * rarely used kinds of keys in the data center's cache. A key that is known nowhere here is checked by the commit.
 * @module
 */
import { Lru } from "../../lib/lru";
import { DAY_MS, SECOND_MS } from "../../lib/time";

/** How long the edge remembers a key. */
const REMEMBERED_MS = DAY_MS;
/** Keys in the isolate's memory, about 150 bytes each. */
const MAX_KEYS = 20_000;

/** Content by key. */
const known = new Lru<string, string>({ maxEntries: MAX_KEYS, maxAgeMs: REMEMBERED_MS });

/** A key with the content it is used for. */
export interface KeyUse {
  project: string;
  /** Key in the key space of its kind of sender. */
  key: string;
  content: string;
  /**
   * Also use the data center's cache, which costs a millisecond or two: for imports and for keys in the header. Browsers
   * send a random `batch_id` with each request.
   */
  isShared: boolean;
}

/** Whether the key is known to have been used with other content. */
export async function isReused(use: KeyUse): Promise<boolean> {
  const content = known.get(nameOf(use)) ?? (use.isShared ? await readShared(use) : undefined);
  return content !== undefined && content !== use.content;
}

/** Records the use of a key, after the queue has acknowledged its request. The first use stays. */
export async function recordUse(use: KeyUse): Promise<void> {
  if (known.get(nameOf(use)) !== undefined) return;
  known.set(nameOf(use), use.content);
  if (!use.isShared) return;
  const headers = { "cache-control": `max-age=${REMEMBERED_MS / SECOND_MS}` };
  await (await caches.open("used-keys")).put(urlOf(use), new Response(use.content, { headers }));
}

async function readShared(use: KeyUse): Promise<string | undefined> {
  const response = await (await caches.open("used-keys")).match(urlOf(use));
  return response && (await response.text());
}

const nameOf = ({ project, key }: KeyUse) => `${project}/${key}`;
const urlOf = (use: KeyUse) => `https://used-keys.invalid/${nameOf(use)}`;
