/**
 * What a page may say to the tracker.
 * @module
 */

/** What JSON can carry; anything else (functions, `undefined`) is left out. */
export type Properties = Record<string, unknown>;

/** How the tracker is set up; the script reads the same from its `data-` attributes. */
export interface Options {
  /** The project's public write key, `proj_…`. */
  project: string;
  /** Origin of the server, `https://stats.example.com`. The script's own origin when left out. */
  host?: string;
  /** Routes stand in the fragment (`#/settings`): count each as a page. */
  hash?: boolean;
  /** Send no page views and no engagement by itself. */
  manual?: boolean;
  /** Keep at most 100 calls in memory, touch no storage and send nothing until `ready()`. */
  disabled?: boolean;
}

/** The tracker. No method throws, none blocks, none answers. */
export interface Tracker {
  /** Something happened. `properties` are copied at once. */
  event(name: string, properties?: Properties): void;
  /** The visitor is this person; events from now on carry `id` as their `distinct_id`. */
  identify(id: string, traits?: Properties): void;
  /** Forget the person and begin a new session, as on signing out. */
  reset(): void;
  /** Consent was given: send what was kept since loading `disabled`. */
  ready(): void;
  /** Leave this browser out of the numbers for good (`true`, the default) or take it in again (`false`). */
  ignore(on?: boolean): void;
}
