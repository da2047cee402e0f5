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

/** On the server read from the request; in the browser from the `data-locale` the server left on the root. */
export function locale(): string {
  if (isServer) return localeOf(getRequestEvent()?.request.headers.get("accept-language") ?? null);
  return document.documentElement.dataset.locale ?? FALLBACK;
}
