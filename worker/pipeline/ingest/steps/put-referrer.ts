/**
 * The referrer.
 * @module
 */
import { Lru } from "../../../lib/lru";
import type { Draft } from "../draft";
import { MAX_REFERRER } from "../limits";

/** Fills `referrer` with origin and path, without the query, which may be private. What is not a URL is left out. */
export function putReferrer({ raw, body, marks }: Draft): undefined {
  if (!raw.referrer) return;
  const { host, referrer } = referrers.getOrCreate(raw.referrer, readReferrer);
  marks.referrer_host = host;
  body.referrer = referrer;
}

/** Few referrers bring most visits, and URL's accessors are slow in workerd. */
const referrers = new Lru<string, { host: string | null; referrer: string | null }>({
  maxSize: 1_000_000,
  sizeOf: (_, key) => 200 + 2 * key.length,
});

function readReferrer(text: string) {
  const url = URL.parse(text);
  if (!url?.hostname) return { host: null, referrer: null };
  const { protocol, host, hostname, pathname } = url;
  return { host: hostname, referrer: `${protocol}//${host}${pathname}`.slice(0, MAX_REFERRER) };
}
