/**
 * The user's locale, the same on the server and in the browser, so that hydration changes no number.
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

/** First language of an `Accept-Language` header that Intl supports, else `en`. */
export function localeOf(header: string | null): string {
  const tags = (header ?? "").split(",").map((part) => part.replace(/;.*/, "").trim());
  return tags.find((tag) => tag && tag !== "*" && known(tag)) ?? FALLBACK;
}

/** Cached per request, because every number on a page needs it. */
const locales = new WeakMap<Request, string>();

function localeOfRequest(request: Request | undefined): string {
  if (!request) return FALLBACK;
  const found = locales.get(request) ?? localeOf(request.headers.get("accept-language"));
  locales.set(request, found);
  return found;
}

/** On the server from the request; in the browser from the `data-locale` that the server set on the root element. */
export function locale(): string {
  if (isServer) return localeOfRequest(getRequestEvent()?.request);
  return document.documentElement.dataset.locale ?? FALLBACK;
}
