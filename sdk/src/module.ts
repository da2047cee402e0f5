/**
 * The same tracker for those who bundle. Importing it touches nothing: a server may.
 * @module
 */
import { start } from "./tracker.ts";
import type { Options, Tracker } from "./types.ts";

export type { Options, Properties, Tracker } from "./types.ts";

let tracker: Tracker | undefined;

/** Start measuring; later calls answer the tracker already made. */
export function init(options: Options): Tracker {
  tracker ??= start(options);
  return tracker;
}
