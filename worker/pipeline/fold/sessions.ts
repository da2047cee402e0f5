/**
 * The open sessions of one project during one fold: events are assigned to their session, events out of order are
 * detected.
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import { bucketStart, nextBucket } from "../../lib/time";
import {
  continues,
  extendSession,
  IDLE_MS,
  isInOrder,
  previousSessionKeyOf,
  type Session,
  sessionKeyOf,
  startSession,
} from "../rollup";
import { type IndexedPage, Pages, type PagesChange } from "./pages";

/** A session changed by a fold: before (null: new) and after. */
export interface Touched {
  before: Session | null;
  session: Session;
}

/** The keys under which events may find their sessions. */
export function keysOf(events: Iterable<EventRow>): Set<string> {
  const keys = new Set<string>();
  for (const event of events) {
    keys.add(sessionKeyOf(event));
    const previous = previousSessionKeyOf(event);
    if (previous !== null) keys.add(previous);
  }
  return keys;
}

/** The open sessions that a fold may change. */
export class OpenSessions {
  #byKey = new Map<string, Session[]>();
  #touched = new Map<Session, Touched>();
  #pages: Pages;

  /** `keys`: those of all events of the fold. */
  constructor(
    readonly zone: string,
    keys: ReadonlySet<string>,
  ) {
    this.#pages = new Pages(keys);
  }

  /** Reads a page; pages come from the last to the first, all before the first event. */
  load(page: IndexedPage): void {
    for (const session of this.#pages.load(page)) this.#add(session);
  }

  get touched(): Iterable<Touched> {
    return this.#touched.values();
  }

  /**
   * The session of an event. Events must come in order among themselves. One that comes before an event its session
   * already has could change where sessions start or whose fields they have: it is counted in the nearest session and
   * the affected days are returned as `dirty`, to be derived again.
   */
  place(event: EventRow): { session: Session; dirty: number[] } {
    const key = sessionKeyOf(event);
    const previousKey = previousSessionKeyOf(event);
    const candidates = [
      ...(this.#byKey.get(key) ?? []),
      ...(previousKey ? (this.#byKey.get(previousKey) ?? []) : []),
    ];
    const latest = candidates.reduce<Session | null>((a, b) => (a && a.ended_at >= b.ended_at ? a : b), null);
    if (!latest) return { session: this.#start(event, key), dirty: [] };
    if (!isInOrder(latest, event)) return this.#outOfOrder(event, key, candidates);

    const verdict = continues(latest, event, this.zone);
    if (verdict !== "extend") {
      return {
        session: this.#start(event, key, verdict === "cut" ? latest.chain_started_at : undefined),
        dirty: [],
      };
    }
    this.#touch(latest);
    extendSession(latest, event);
    if (latest.key !== key && latest.alias === null) {
      latest.alias = key;
      this.#index(key, latest);
    }
    return { session: latest, dirty: [] };
  }

  /** Returns what to write for the sessions that were changed. */
  writeTouched(): PagesChange {
    return this.#pages.write(this.#touched.keys());
  }

  #outOfOrder(event: EventRow, key: string, candidates: Session[]): { session: Session; dirty: number[] } {
    const near = candidates.filter(
      (s) => event.timestamp >= s.started_at - IDLE_MS && event.timestamp <= s.ended_at + IDLE_MS,
    );
    const dirty = new Set(near.map((s) => bucketStart(s.started_at, "day", this.zone)));
    dirty.add(bucketStart(event.timestamp, "day", this.zone));
    const [session] = near;
    return { session: session ?? this.#start(event, key), dirty: [...dirty] };
  }

  #start(event: EventRow, key: string, chainStartedAt?: number): Session {
    const session = startSession(event, key, chainStartedAt);
    this.#add(session);
    this.#touched.set(session, { before: null, session });
    return session;
  }

  #touch(session: Session): void {
    if (!this.#touched.has(session)) this.#touched.set(session, { before: { ...session }, session });
  }

  #add(session: Session): void {
    this.#index(session.key, session);
    if (session.alias !== null) this.#index(session.alias, session);
  }

  #index(key: string, session: Session): void {
    const sessions = this.#byKey.get(key);
    if (sessions) sessions.push(session);
    else this.#byKey.set(key, [session]);
  }
}

/**
 * Days whose numbers a late event at `time` can change: its own, the one before (a session started there
 * may continue) and, near midnight, the one after (a session there may now start earlier).
 */
export function daysAround(time: number, zone: string): number[] {
  const day = bucketStart(time, "day", zone);
  const next = nextBucket(time, "day", zone);
  const days = [bucketStart(day - 1, "day", zone), day];
  return time + IDLE_MS >= next ? [...days, next] : days;
}
