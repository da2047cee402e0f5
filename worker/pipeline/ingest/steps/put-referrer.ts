/**
 * The referrer.
 * @module
 */
import type { Draft } from "../draft";
import { MAX_REFERRER } from "../limits";

/** Fills `referrer` with origin and path, without the query, which may be private. What is not a URL is left out. */
export function putReferrer({ raw, body, marks }: Draft): undefined {
  const url = raw.referrer ? URL.parse(raw.referrer) : null;
  if (!url?.hostname) return;
  marks.referrer_host = url.hostname;
  body.referrer = `${url.protocol}//${url.host}${url.pathname}`.slice(0, MAX_REFERRER);
}
