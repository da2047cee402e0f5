/**
 * The reader's locale, the same on the server and in the browser, so that a number is not rewritten on waking.
 * @module
 */
import { getRequestEvent, isServer } from "solid-js/web";

const FALLBACK = "en";

function known(tag: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}

/** First language of an `Accept-Language` header that Intl knows, else `en`. */
export function localeOf(header: string | null): string {
  const tags = (header ?? "").split(",").map((part) => part.replace(/;.*/, "").trim());
  return tags.find((tag) => tag && tag !== "*" && known(tag)) ?? FALLBACK;
}

/** Looked up for every number of a page, so known once a request. */
const locales = new WeakMap<Request, string>();

function localeOfRequest(request: Request | undefined): string {
  if (!request) return FALLBACK;
  const found = locales.get(request) ?? localeOf(request.headers.get("accept-language"));
  locales.set(request, found);
  return found;
}

/** On the server read from the request; in the browser from the `data-locale` the server left on the root. */
export function locale(): string {
  if (isServer) return localeOfRequest(getRequestEvent()?.request);
  return document.documentElement.dataset.locale ?? FALLBACK;
}
