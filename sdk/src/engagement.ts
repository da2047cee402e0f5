/**
 * How long the page was viewed: visible and focused.
 * @module
 */
import { isVisible, listen } from "./lib/page.ts";
import { track } from "./track.ts";
import { ENGAGEMENT } from "./wire.ts";

/** After the first report of a page, shorter times are added to the next report. */
const WORTH_MS = 3000;
/** A longer time without a break is considered inactive. */
const MAX_LOOK_MS = 18e5;

let since = 0;
let engaged = 0;
let first: boolean | undefined;

const tick = (): void => {
  const now = performance.now();
  if (since) engaged += Math.min(now - since, MAX_LOOK_MS);
  since = isVisible() && document.hasFocus() ? now : 0;
};

/** Report the time since the last report, so that the reports of a page add up. */
export const reportEngagement = (pageUrl: string): void => {
  tick();
  if (first || (engaged >= WORTH_MS && first === false)) {
    track(ENGAGEMENT, { engaged_ms: Math.round(engaged) }, undefined, pageUrl);
    first = false;
    engaged = 0;
  }
};

/** Report the time since the last report, so that the reports of a page add up. */
export const startEngagement = (): void => {
  tick();
  engaged = 0;
  first = true;
};

/** Observe when the page is hidden or loses focus, and when it returns. */
export const watchEngagement = (): void => {
  for (const type of ["focus", "blur", "visibilitychange"]) listen(type, tick);
};
