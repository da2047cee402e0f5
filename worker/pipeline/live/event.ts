/**
 * Events as pushed to a room, and the part that is displayed.
 * @module
 */
import type { LiveEvent } from "../../../schema/wire/live";
import type { Message } from "../../../schema/wire/message";
import type { EventRow } from "../../../schema/wire/row";

/** An event as pushed to a room. `visitor` is counted there and never displayed. */
export interface PushedEvent {
  event: LiveEvent;
  visitor: string;
}

/** The columns of a row that the room needs. */
export type LiveColumns = Pick<
  EventRow,
  "event_name" | "visitor_id" | Exclude<keyof LiveEvent, "event" | "properties">
> & { properties: string | null };

/** Converts a row: no hashes in `event`, no user agent. */
export function pushedOf(row: LiveColumns): PushedEvent {
  const event: LiveEvent = {
    event_id: row.event_id,
    event: row.event_name,
    timestamp: row.timestamp,
    distinct_id: row.distinct_id,
    path: row.path,
    hostname: row.hostname,
    source: row.source,
    country: row.country,
    city: row.city,
    browser: row.browser,
    os: row.os,
    device: row.device,
    properties: row.properties === null ? null : JSON.parse(row.properties),
  };
  return { event, visitor: row.visitor_id };
}

/**
 * The events of a message that count and are wanted, with the columns that the room needs. Filtered before
 * copying: of a fast stream one event in a hundred is shown, and copying all would cost a tenth of accepting them.
 */
export function columnsOf(message: Message, isWanted: (eventId: string) => boolean): LiveColumns[] {
  const wanted = message.events.filter((event) => event.drop_reason === null && isWanted(event.event_id));
  return wanted.flatMap(({ context: index, ...event }) => {
    const context = message.contexts[index];
    if (!context) return [];
    return [{ ...event, ...context, visitor_id: event.distinct_id ?? context.anonymous_id }];
  });
}
