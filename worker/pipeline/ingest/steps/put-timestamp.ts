/**
 * The event's time.
 * @module
 */
import { HOUR_MS, MINUTE_MS } from "../../../lib/time";
import type { Draft } from "../draft";

/** An SDK may store events while offline, for up to three days. */
const OLDEST_MS = 72 * HOUR_MS;
const AHEAD_MS = 10 * MINUTE_MS;

/**
 * A stated time outside the window (an import: in the future or before 1970) is replaced by the time of receipt and
 * marked.
 */
export function putTimestamp({ stated_at, received_at, past, body }: Draft): undefined {
  const oldest = past ? 0 : received_at - OLDEST_MS;
  const isPlausible = stated_at !== null && stated_at >= oldest && stated_at <= received_at + AHEAD_MS;
  body.timestamp = isPlausible ? stated_at : received_at;
  body.clock_skewed = stated_at !== null && !isPlausible;
}
