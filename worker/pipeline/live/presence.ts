/**
 * Who is here: told when somebody comes, goes or moves, in one frame for all.
 * @module
 */
import type { Presence as Person } from "../../../schema/wire/discussion";
import { type AtFrame, atSchema, type Frame, MAX_PRESENT } from "../../../schema/wire/live";
import type { Subscribers, Viewer } from "./subscribers";

/** Moves within this time are one frame: a page that is reloaded goes and comes. */
const SOON_MS = 100;
/** In a crowd it is longer, so that a thousand arrivals cost each socket a frame a second and not a thousand. */
const PER_SOCKET_MS = 1;
/** Characters of what a page may say. */
const LONGEST_MESSAGE = 200;

/** The room's own memory of what it last said. */
export class Presence {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #text = "";
  #last: Frame | undefined;

  constructor(readonly subscribers: Subscribers) {}

  /** What everyone was last told; undefined after sleep, until somebody stirs. */
  get last(): Frame | undefined {
    return this.#last;
  }

  /** Somebody came, went or moved. */
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
 * Everyone once: of somebody's pages the one they last opened a dashboard on. Those on a dashboard come first, as
 * others look for them there; beyond that the order is that of ids, so that the same people make the same frame.
 */
export function presenceOf(standings: readonly Viewer[]): Frame {
  const byUser = new Map<string, Viewer>();
  for (const standing of standings) {
    if (standing.name === null) continue;
    const known = byUser.get(standing.user_id);
    if (!known || isPreferred(standing, known)) byUser.set(standing.user_id, standing);
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

/** Where a page says that its person is; null when it says something else. */
export function readAt(message: string | ArrayBuffer): AtFrame | null {
  if (typeof message !== "string" || message.length > LONGEST_MESSAGE) return null;
  try {
    return atSchema.safeParse(JSON.parse(message)).data ?? null;
  } catch {
    return null;
  }
}
