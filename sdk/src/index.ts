/**
 * Entry of the script: `<script defer src="https://HOST/sdk/tracker.min.js" data-project="proj_…">`.
 * Calls made before it has loaded can be queued in an array: `(window.selvedge ||= []).push(["event", "signup"])`.
 * @module
 */
import { attempt } from "./lib/attempt.ts";
import { start } from "./tracker.ts";
import type { Tracker } from "./types.ts";

type Waiting = [keyof Tracker, ...unknown[]][];
declare global {
  interface Window {
    selvedge?: Tracker | Waiting;
    tracker?: unknown;
  }
}

attempt(() => {
  const script = (document.currentScript ??
    document.querySelector("script[data-project]")) as HTMLScriptElement;
  const { project = "", host, hash, manual, disabled } = script.dataset;
  const before = window.selvedge;
  // A tracker exists already: the script is in the page twice.
  if (before && "event" in before) return;
  const tracker = start({
    project,
    host: host ?? new URL(script.src).origin,
    hash: hash != null,
    manual: manual != null,
    disabled: disabled != null,
  });
  window.selvedge = tracker;
  window.tracker ??= tracker;
  before?.forEach(([method, ...args]) => {
    (tracker[method] as (...args: unknown[]) => void)(...args);
  });
});
