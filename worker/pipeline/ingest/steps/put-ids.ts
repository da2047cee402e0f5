/**
 * Names and ids, as sent.
 * @module
 */
import type { Draft } from "../draft";

/** Fills name, `event_id`, `distinct_id`, `session_id`, title and screen. */
export function putIds({ raw, body, fallback_id }: Draft): undefined {
  body.event_name = raw.event;
  body.event_id = raw.event_id ?? fallback_id;
  body.distinct_id = raw.distinct_id ?? null;
  body.session_id = raw.session_id ?? null;
  body.title = raw.title || null;
  body.screen = raw.screen || null;
}
