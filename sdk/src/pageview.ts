/**
 * A page view on load, on every navigation inside the document, and on return from the bfcache.
 * @module
 */
import { flush } from "./buffer.ts";
import { reportEngagement, startEngagement, watchEngagement } from "./engagement.ts";
import { attempt } from "./lib/attempt.ts";
import { isVisible, listen } from "./lib/page.ts";
import { pageKey, setReferrer, track } from "./track.ts";
import { PAGE_VIEW } from "./wire.ts";

/** Routers set the title after they have navigated; it is read again then. */
const TITLE_MS = 300;

let key: string | undefined;
let url = "";

const view = (): void => {
  if (key === pageKey()) return;
  if (url) reportEngagement(url);
  setReferrer(url || document.referrer);
  key = pageKey();
  url = location.href;
  startEngagement();
  const event = track(PAGE_VIEW);
  setTimeout(() => {
    if (event?.page_url === url) event.title = document.title;
  }, TITLE_MS);
};

const tryView = (): void => {
  attempt(view);
};

/** The Navigation API reports every change; where it is missing, the History API is patched. */
const watchNavigation = (): void => {
  const { navigation } = window as { navigation?: EventTarget };
  if (navigation) {
    navigation.addEventListener("currententrychange", tryView);
    return;
  }
  for (const method of ["pushState", "replaceState"] as const) {
    const original = history[method];
    history[method] = function (...args) {
      original.apply(this, args);
      tryView();
    };
  }
  listen("popstate", tryView);
};

/** Start with the first page view, or wait until the page is visible. */
export const watchPages = (): void => {
  const begin = () => {
    tryView();
    watchNavigation();
  };
  if (isVisible()) begin();
  else listen("visibilitychange", begin, true);
  listen("pageshow", (event) => {
    if ((event as PageTransitionEvent).persisted) {
      key = undefined;
      tryView();
    }
  });
  watchEngagement();
};

/** When the page is hidden or left: report the time and send queued events. */
export const watchLeaving = (): void => {
  const leave = (event: Event) => {
    // `pagehide` comes before the page is hidden.
    if (event.type === "visibilitychange" && isVisible()) return;
    attempt(() => url && reportEngagement(url));
    attempt(() => flush(true));
  };
  listen("visibilitychange", leave);
  listen("pagehide", leave);
};
