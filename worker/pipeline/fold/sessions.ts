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
  type SessionPage,
  sessionKeyOf,
  startSession,
} from "../rollup";
import { Pages, type PagesChange } from "./pages";

/** A session changed by a fold: before (null: new) and after. */
export interface Touched {
  before: Session | null;
  session: Session;
}

export class OpenSessions {
  #byKey = new Map<string, Session[]>();
  #all = new Set<Session>();
  #touched = new Map<Session, Touched>();
  #pages: Pages;

  constructor(
    pages: readonly SessionPage[],
    readonly zone: string,
  ) {
    this.#pages = new Pages(pages);
    for (const session of this.#pages.sessions) this.#add(session);
  }

  /** Number of sessions. */
  get size(): number {
    return this.#all.size;
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

  /** Removes and returns the sessions that no event at or after `time` can change. */
  takeEndedBefore(time: number): Session[] {
    const ended = [...this.#all].filter((s) => s.ended_at + IDLE_MS < time);
    for (const session of ended) this.#all.delete(session);
    return ended;
  }

  /** Replaces the sessions that start in `[from, to)`. */
  replace(from: number, to: number, sessions: Iterable<Session>): void {
    for (const session of this.#all) {
      if (session.started_at >= from && session.started_at < to) this.#all.delete(session);
    }
    for (const session of sessions) this.#add(session);
  }

  /** Returns what to write for the sessions changed since the last call. */
  writeTouched(): PagesChange {
    const change = this.#pages.write([...this.#touched.keys()].filter((session) => this.#all.has(session)));
    this.#touched.clear();
    return change;
  }

  /** Returns what to write so that the pages contain these sessions and no others. */
  rewrite(): PagesChange {
    return this.#pages.rewrite(this.#all);
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
    this.#all.add(session);
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
