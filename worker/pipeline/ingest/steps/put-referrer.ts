/**
 * The page before.
 * @module
 */
import type { Draft } from "../draft";
import { MAX_REFERRER } from "../limits";

/** Fills `referrer` as origin and path: its query is another site's business. What is not a URL is left out. */
export function putReferrer({ raw, body, marks }: Draft): undefined {
  const url = raw.referrer ? URL.parse(raw.referrer) : null;
  if (!url?.hostname) return;
  marks.referrer_host = url.hostname;
  body.referrer = `${url.protocol}//${url.host}${url.pathname}`.slice(0, MAX_REFERRER);
}
