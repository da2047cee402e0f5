/**
 * Who is online: one frame to all sockets whenever a user connects, leaves or opens another dashboard.
 * @module
 */
import type { Presence as Person } from "../../../schema/wire/discussion";
import { type AtFrame, atSchema, type Frame, MAX_PRESENT } from "../../../schema/wire/live";
import type { Subscribers, Viewer } from "./subscribers";

/** Changes within this time are one frame: a page that reloads disconnects and connects. */
const SOON_MS = 100;
/**
 * With many sockets it is longer, so that a thousand arrivals cost each socket one frame a second and not a thousand.
 */
const PER_SOCKET_MS = 1;
/** Longest message of a page, in characters. */
const LONGEST_MESSAGE = 200;

/** Sends presence frames and stores the last one. */
export class Presence {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #text = "";
  #last: Frame | undefined;

  constructor(readonly subscribers: Subscribers) {}

  /** The last frame sent; undefined after hibernation until the next change. */
  get last(): Frame | undefined {
    return this.#last;
  }

  /** Schedules a frame after a change. */
  schedule(): void {
    this.#timer ??= setTimeout(() => this.#send(), Math.max(SOON_MS, this.subscribers.size * PER_SOCKET_MS));
  }

  #send(): void {
    this.#timer = undefined;
    const frame = presenceOf(this.subscribers.viewers());
    const text = JSON.stringify(frame);
    if (text === this.#text) return;
    this.#text = text;
    this.#last = frame;
    this.subscribers.broadcast(frame);
  }
}

/**
 * Returns everyone once, with the dashboard they opened last. People on a dashboard come first; then by id,
 * so that the same people make the same frame.
 */
export function presenceOf(viewers: readonly Viewer[]): Frame {
  const byUser = new Map<string, Viewer>();
  for (const viewer of viewers) {
    if (viewer.name === null) continue;
    const known = byUser.get(viewer.user_id);
    if (!known || isPreferred(viewer, known)) byUser.set(viewer.user_id, viewer);
  }
  const people = [...byUser.values()]
    .sort((a, b) => rank(a) - rank(b) || (a.user_id < b.user_id ? -1 : 1))
    .slice(0, MAX_PRESENT)
    .map(({ user_id, name, dashboard_id }): Person => ({ user_id, name: name ?? "", dashboard_id }));
  return { type: "presence", people, count: byUser.size };
}

const rank = ({ dashboard_id }: Viewer) => (dashboard_id === null ? 1 : 0);

function isPreferred(a: Viewer, b: Viewer): boolean {
  return rank(a) === rank(b) ? a.moved_at > b.moved_at : rank(a) < rank(b);
}

/** Parses an `at` message of a page; null when it is something else. */
export function readAt(message: string | ArrayBuffer): AtFrame | null {
  if (typeof message !== "string" || message.length > LONGEST_MESSAGE) return null;
  try {
    return atSchema.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}
