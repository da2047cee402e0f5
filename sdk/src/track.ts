/**
 * A call becomes an event: what, where, when, and whose.
 * @module
 */
import { enqueue } from "./buffer.ts";
import { isOptedOut, whenReady } from "./consent.ts";
import { load, save } from "./lib/storage.ts";
import { endSession, session } from "./session.ts";
import type { Properties } from "./types.ts";
import { ENGAGEMENT, type SentEvent } from "./wire.ts";

const PERSON = "selvedge_d";

let hashRoutes: unknown;
let referrer = "";

/** Count fragments as pages: the server keeps those that begin with `#/` in the path. */
export const useHash = (on: unknown): void => {
  hashRoutes = on;
};

/** Events from now on came from here. */
export const setReferrer = (url: string): void => {
  referrer = url;
};

/** What makes a page a page: its path, and its fragment up to a `?` where that is the route. */
export const pageKey = (): string => location.pathname + (hashRoutes ? location.hash.split("?")[0] : "");

/** Take an event down. Answers it, still open to change until it is sent; nothing when the visitor has opted out. */
export const track = (
  name: string,
  properties?: Properties,
  person?: string,
  page_url: string = location.href,
): SentEvent | undefined => {
  if (isOptedOut()) return;
  const event: SentEvent = {
    event: name,
    // A copy: what the page changes later stays out, and what is not JSON throws here and spoils no batch.
    properties: JSON.parse(
      JSON.stringify({
        ...properties,
        $webdriver: navigator.webdriver || undefined,
      }),
    ),
    page_url,
    referrer,
    title: document.title,
    language: navigator.language,
    screen: `${screen.width}x${screen.height}`,
    timestamp: Date.now(),
  };
  whenReady(() => {
    if (person) save(PERSON, person);
    event.distinct_id = load(PERSON) || undefined;
    event.session_id = session(name !== ENGAGEMENT);
    enqueue(event);
  });
  return event;
};

/** Forget the person and the session. */
export const reset = (): void =>
  whenReady(() => {
    save(PERSON, "");
    endSession();
  });
