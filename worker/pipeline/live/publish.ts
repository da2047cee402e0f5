/**
 * The two paths into a room: from ingest at once, and from the consumer after the commit. The first is fast and
 * may lose events; the second is complete and carries the counts. The room shows an event that arrives on both once.
 * @module
 */
import type { Message } from "../../../schema/wire/message";
import { logError } from "../../lib/log";
import { HOUR_MS, SECOND_MS } from "../../lib/time";
import { columnsOf, type LiveColumns, type PushedEvent, pushedOf } from "./event";
import { ACTIVE_MS } from "./rates";
import { isSampled } from "./sample";
import { type Watch, watchesOf } from "./store";

/** A push to a room. `arrived` counts events before sampling; 0 when they will be counted on commit. */
export interface Push {
  events: PushedEvent[];
  arrived: number;
  /** Visitors of all events, with the time of the last one. */
  visitors: [visitor: string, at: number][];
}

/** The part of the rooms' namespace that is used. */
export interface Rooms {
  idFromName(name: string): DurableObjectId;
  get(id: DurableObjectId): { publish(push: Push): Promise<void> };
}

/** How long an isolate uses its copy of a shard's watches. */
const FRESH_MS = SECOND_MS;
const copies = new WeakMap<D1Database, { readAt: number; watches: Watch[] }>();

/** The copy; the request that finds it expired reads it again, while concurrent ones use the old one. */
async function currentWatches(db: D1Database, now: number): Promise<Watch[]> {
  const known = copies.get(db);
  if (known && now - known.readAt < FRESH_MS) return known.watches;
  // Values are cached, not promises: a promise of another request may never settle (Workers › Errors).
  copies.set(db, { readAt: now, watches: known?.watches ?? [] });
  const watches = await watchesOf(db, now);
  copies.set(db, { readAt: now, watches });
  return watches;
}

/**
 * Sends accepted messages of one project to its room, when the project is watched. Call after the response. A failure
 * is only logged: the events are sent again on commit.
 */
export async function pushAccepted(
  rooms: Rooms,
  db: D1Database,
  messages: readonly Message[],
  now: number,
): Promise<void> {
  try {
    const project = messages[0]?.project_id;
    const watched = (await currentWatches(db, now)).find((watch) => watch.project === project);
    if (!watched) return;
    const isWanted = (eventId: string) => isSampled(eventId, watched.keep_1_in);
    const sampled = messages.flatMap((message) => columnsOf(message, isWanted));
    if (sampled.length === 0) return;
    await roomOf(rooms, watched.project).publish({ events: sampled.map(pushedOf), arrived: 0, visitors: [] });
  } catch (error) {
    logError("Accepted events were not pushed to their room", error);
  }
}

/**
 * Sends a committed delivery to the rooms of the watched projects. Events older than an hour (an import, a phone
 * that was offline) are left out. A room that fails does not affect the others.
 */
export async function pushCommitted(
  rooms: Rooms,
  rows: readonly (LiveColumns & { project_id: string })[],
  watches: readonly Watch[],
  now: number,
): Promise<void> {
  const pushes = watches.map(async ({ project, keep_1_in }) => {
    const live = rows.filter((row) => row.project_id === project && row.timestamp > now - HOUR_MS);
    if (live.length === 0) return;
    const events = live.filter((row) => isSampled(row.event_id, keep_1_in)).map(pushedOf);
    await roomOf(rooms, project).publish({ events, arrived: live.length, visitors: lastSeen(live, now) });
  });
  for (const result of await Promise.allSettled(pushes)) {
    if (result.status === "rejected") {
      logError("A room did not accept committed events", result.reason);
    }
  }
}

function lastSeen(rows: readonly LiveColumns[], now: number): [string, number][] {
  const sights = new Map<string, number>();
  for (const { visitor_id, timestamp } of rows) {
    if (timestamp <= now - ACTIVE_MS) continue;
    sights.set(visitor_id, Math.max(timestamp, sights.get(visitor_id) ?? 0));
  }
  return [...sights].sort(([, a], [, b]) => a - b);
}

function roomOf(rooms: Rooms, project: string) {
  return rooms.get(rooms.idFromName(project));
}
