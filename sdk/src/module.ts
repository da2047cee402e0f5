/**
 * The same tracker for bundlers. Importing it has no side effects, so it works on a server.
 * @module
 */
import { start } from "./tracker.ts";
import type { Options, Tracker } from "./types.ts";

export type { Options, Properties, Tracker } from "./types.ts";

let tracker: Tracker | undefined;

/** Start measuring; later calls return the existing tracker. */
export function init(options: Options): Tracker {
  tracker ??= start(options);
  return tracker;
}
