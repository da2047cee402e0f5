/**
 * The tracker's public API.
 * @module
 */

/** JSON values; others (functions, `undefined`) are left out. */
export type Properties = Record<string, unknown>;

/** Configuration of the tracker; the script reads the same from its `data-` attributes. */
export interface Options {
  /** The project's public write key, `proj_…`. */
  project: string;
  /** Origin of the server, `https://stats.example.com`. Default: the script's own origin. */
  host?: string;
  /** Routes are in the fragment (`#/settings`): count each as a page. */
  hash?: boolean;
  /** No automatic page views and no engagement. */
  manual?: boolean;
  /** Queue at most 100 calls in memory, use no storage and send nothing until `ready()`. */
  disabled?: boolean;
}

/** The tracker. Methods never throw, never block and return nothing. */
export interface Tracker {
  /** Send an event. `properties` are copied at once. */
  event(name: string, properties?: Properties): void;
  /** Identify the visitor; later events have `id` as their `distinct_id`. */
  identify(id: string, traits?: Properties): void;
  /** Forget the person and start a new session, as on signing out. */
  reset(): void;
  /** Consent was given: send calls queued since loading with `disabled`. */
  ready(): void;
  /** Exclude this browser from the statistics permanently (`true`, the default) or include it again (`false`). */
  ignore(on?: boolean): void;
}
