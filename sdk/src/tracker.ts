/**
 * Starts all parts, once per page.
 * @module
 */
import { hold, ignore, release } from "./consent.ts";
import { attempt } from "./lib/attempt.ts";
import { watchLeaving, watchPages } from "./pageview.ts";
import { sendTo } from "./send.ts";
import { reset, track, useHash } from "./track.ts";
import type { Options, Tracker } from "./types.ts";
import { IDENTIFY } from "./wire.ts";

const tracker: Tracker = {
  event: (name, properties) => void attempt(() => track(name, properties)),
  identify: (id, traits) => void attempt(() => track(IDENTIFY, traits, id)),
  reset: () => attempt(reset),
  ready: () => attempt(release),
  ignore: (on) => attempt(() => ignore(on)),
};

/** Start measuring this page. */
export const start = (options: Options): Tracker => {
  sendTo(options.host ?? "", options.project);
  useHash(options.hash);
  hold(options.disabled);
  if (!options.manual) watchPages();
  watchLeaving();
  return tracker;
};
