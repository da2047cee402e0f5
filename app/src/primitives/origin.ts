/**
 * The app's own origin.
 * @module
 */
import { getRequestEvent, isServer } from "solid-js/web";

/** `https://example.com`, the same on the server and in the browser. */
export function origin(): string {
  return isServer
    ? new URL(getRequestEvent()?.request.url ?? "http://localhost").origin
    : window.location.origin;
}
