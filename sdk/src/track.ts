/**
 * Turns a call into an event: name, page, time and person.
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

/** Count fragments as pages: the server adds those that start with `#/` to the path. */
export const useHash = (on: unknown): void => {
  hashRoutes = on;
};

/** Set the referrer of later events. */
export const setReferrer = (url: string): void => {
  referrer = url;
};

/** Identity of a page: its path, and with hash routes its fragment up to a `?`. */
export const pageKey = (): string => location.pathname + (hashRoutes ? location.hash.split("?")[0] : "");

/** Record an event. Returns it, still modifiable until it is sent; undefined when the visitor has opted out. */
export const track = (
  name: string,
  properties?: Properties,
  person?: string,
  page_url: string = location.href,
): SentEvent | undefined => {
  if (isOptedOut()) return;
  const event: SentEvent = {
    event: name,
    // A copy: later changes by the page have no effect, and a value that is not JSON throws here and breaks no batch.
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
