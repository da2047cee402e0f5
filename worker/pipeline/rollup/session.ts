/**
 * Sessions: events of one key without a gap over the idle limit.
 *
 * The key is the `session_id` when one was sent, else the visitor. An anonymous visitor's id changes at the project's
 * midnight; in the first hour of the day events also carry yesterday's id, under which the session continues.
 * A session that runs unbroken through a whole local day is cut at the midnight after it, so no session spans more
 * than two local days, and the sessions of a day depend only on that day and its neighbors.
 *
 * The rules need events in order of (timestamp, event_id). `Sessionizer` implements them; a caller that cannot read in
 * order must detect it (`isInOrder`) and read the day again.
 * @module
 */
import { VISIT_COLUMNS, type VisitColumn } from "../../../schema/wire/columns";
import { ENGAGEMENT, PAGE_VIEW } from "../../../schema/wire/event";
import type { EventRow } from "../../../schema/wire/row";
import { bucketStart, MINUTE_MS, SECOND_MS } from "../../lib/time";

/** A gap longer than this ends a session. */
export const IDLE_MS = 30 * MINUTE_MS;
/** A session with one page view and less engagement than this is a bounce. */
export const ENGAGED_MS = 10 * SECOND_MS;

/** A position in the order of events. */
export type Position = [timestamp: number, event_id: string];

export interface Session {
  key: string;
  /** Another key under which the session continues: the visitor's new id after midnight. */
  alias: string | null;
  /** Start of the unbroken run of events that this session belongs to; before `started_at` after a cut. */
  chain_started_at: number;
  started_at: number;
  ended_at: number;
  /** Position of the first event, whose fields the session has. */
  first: Position;
  /** Position of the latest event. */
  last: Position;
  visitor_id: string;
  distinct_id: string | null;
  hostname: string | null;
  events: number;
  pageviews: number;
  engaged_ms: number;
  entry_path: string | null;
  exit_path: string | null;
  fields: Record<VisitColumn, string | null>;
}

export function comparePositions(a: Position, b: Position): number {
  return a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0);
}

export function positionOf(event: EventRow): Position {
  return [event.timestamp, event.event_id];
}

/** The key of the session of an event. */
export function sessionKeyOf(event: EventRow): string {
  return event.session_id === null ? `v${event.visitor_id}` : `s${event.session_id}`;
}

/** The visitor's key of yesterday, when the event may continue yesterday's session. */
export function previousSessionKeyOf(event: EventRow): string | null {
  return event.session_id === null && event.distinct_id === null && event.previous_anonymous_id !== null
    ? `v${event.previous_anonymous_id}`
    : null;
}

/** Engagement events update sessions and are not counted as events. */
export function isCounted(event: Pick<EventRow, "event_name">): boolean {
  return event.event_name !== ENGAGEMENT;
}

export function isBounce(session: Pick<Session, "pageviews" | "engaged_ms">): boolean {
  return session.pageviews === 1 && session.engaged_ms < ENGAGED_MS;
}

/** A session of one event. `chainStartedAt` is given when the session follows a cut. */
export function startSession(event: EventRow, key: string, chainStartedAt = event.timestamp): Session {
  const session: Session = {
    key,
    alias: null,
    chain_started_at: chainStartedAt,
    started_at: event.timestamp,
    ended_at: event.timestamp,
    first: positionOf(event),
    last: positionOf(event),
    visitor_id: event.visitor_id,
    distinct_id: event.distinct_id,
    hostname: event.hostname,
    events: 0,
    pageviews: 0,
    engaged_ms: 0,
    entry_path: null,
    exit_path: null,
    fields: Object.fromEntries(VISIT_COLUMNS.map((f) => [f, event[f]])) as Session["fields"],
  };
  count(session, event);
  return session;
}

/** Adds an event that comes after all events of the session. */
export function extendSession(session: Session, event: EventRow): void {
  session.ended_at = event.timestamp;
  session.last = positionOf(event);
  count(session, event);
}

/** True when the event comes after all events of the session, so that `extendSession` is exact. */
export function isInOrder(session: Session, event: EventRow): boolean {
  return comparePositions(positionOf(event), session.last) >= 0;
}

/** Whether no event at or after `time` can continue the session. */
export function hasEnded({ ended_at }: Pick<Session, "ended_at">, time: number): boolean {
  return time - ended_at > IDLE_MS;
}

/** The effect of an event after `session.last`. */
export function continues(session: Session, event: EventRow, zone: string): "extend" | "cut" | "apart" {
  if (hasEnded(session, event.timestamp)) return "apart";
  const day = bucketStart(event.timestamp, "day", zone);
  if (session.ended_at >= day) return "extend";
  return session.chain_started_at < bucketStart(day - 1, "day", zone) ? "cut" : "extend";
}

function count(session: Session, event: EventRow): void {
  if (isCounted(event)) session.events++;
  if (event.event_name === PAGE_VIEW) {
    session.pageviews++;
    session.entry_path ??= event.path;
    session.exit_path = event.path ?? session.exit_path;
  }
  if (event.event_name === ENGAGEMENT) session.engaged_ms += engagedMs(event.properties);
}

/** `engaged_ms` of an engagement event; 0 when it is not a valid number. */
function engagedMs(properties: string | null): number {
  if (!properties) return 0;
  const value: unknown = (JSON.parse(properties) as Record<string, unknown>).engaged_ms;
  return typeof value === "number" && value > 0 && value < 24 * 3_600_000 ? Math.round(value) : 0;
}

/** Reads events in order and assigns each to a session. */
export class Sessionizer {
  #current = new Map<string, Session>();

  constructor(readonly zone: string) {}

  /** Adds an event and returns its session. Events must come in order of position. */
  add(event: EventRow): Session {
    const key = sessionKeyOf(event);
    const previousKey = previousSessionKeyOf(event);
    const found = this.#latest(
      this.#current.get(key),
      previousKey === null ? undefined : this.#current.get(previousKey),
    );
    const verdict = found ? continues(found, event, this.zone) : "apart";
    if (found && verdict === "extend") {
      extendSession(found, event);
      if (found.key !== key && found.alias === null) {
        found.alias = key;
        this.#current.set(key, found);
      }
      return found;
    }
    const session = startSession(event, key, found && verdict === "cut" ? found.chain_started_at : undefined);
    if (found) this.#forget(found);
    this.#current.set(key, session);
    return session;
  }

  /** Forgets sessions that no event at or after `time` can continue. */
  forgetBefore(time: number): void {
    for (const [key, session] of this.#current) {
      if (hasEnded(session, time)) this.#current.delete(key);
    }
  }

  /** Sessions that an event at `time` could continue. */
  *openAt(time: number): Iterable<Session> {
    for (const session of new Set(this.#current.values())) {
      if (!hasEnded(session, time)) yield session;
    }
  }

  #latest(a: Session | undefined, b: Session | undefined): Session | undefined {
    if (!a || !b) return a ?? b;
    return b.ended_at > a.ended_at ? b : a;
  }

  #forget(session: Session): void {
    this.#current.delete(session.key);
    if (session.alias !== null) this.#current.delete(session.alias);
  }
}
