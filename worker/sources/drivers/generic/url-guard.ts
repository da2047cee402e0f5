/**
 * Requests to URLs that users enter, with the errors of drivers.
 * @module
 */
import { type GuardOptions, safeFetch } from "../../../lib/safe-fetch";
import type { Fetch } from "../../vendor/client-request";
import { SourceError } from "../../vendor/driver";

export { refuseUrl } from "../../../lib/safe-fetch";

/** Returns a `fetch` that requests public URLs only. It throws SourceError `invalid` for a URL that is not allowed. */
export function guarded(options: GuardOptions, send?: Fetch): Fetch {
  return safeFetch(options, send, (reason) => new SourceError("invalid", reason));
}
