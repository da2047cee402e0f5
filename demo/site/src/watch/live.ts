/**
 * The project's live socket.
 * @module
 */
import type { Frame, LiveEvent } from "../../../../schema/wire/live.ts";
import { note } from "./ledger.ts";

/** State of the socket. */
export type LinkState = "connecting" | "open" | "waiting" | "refused" | "full";

/** Callbacks of the socket besides events. */
export interface LiveNews {
  state(state: LinkState): void;
  numbers(visitorsNow: number, eventsPerMinute: number | null): void;
}

const NOT_ALLOWED = 1008;
const FULL = 1013;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/** Stays connected as long as the page is open; gives up only when access is refused. */
export function watchLive(project: string, news: LiveNews, attempt = 0): void {
  const url = new URL(`/api/v1/ws/events/${encodeURIComponent(project)}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url);
  let opened = false;
  news.state("connecting");
  socket.onmessage = ({ data }) => {
    if (!opened) news.state("open");
    opened = true;
    take(JSON.parse(data) as Frame, news);
  };
  socket.onclose = ({ code }) => {
    if (code === NOT_ALLOWED) return news.state("refused");
    news.state(code === FULL ? "full" : "waiting");
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
    setTimeout(watchLive, wait, project, news, opened ? 0 : attempt + 1);
  };
}

function take(frame: Frame, news: LiveNews): void {
  if (frame.type === "hello") {
    news.numbers(frame.visitors_now, null);
    for (const event of frame.recent) noteLive(event, false);
  } else if (frame.type === "events") for (const event of frame.events) noteLive(event, true);
  else if (frame.type === "stats") news.numbers(frame.visitors_now, frame.events_per_minute);
}

function noteLive(event: LiveEvent, fresh: boolean): void {
  note({
    name: event.event,
    at: event.timestamp,
    path: event.path,
    properties: event.properties,
    stage: "elsewhere",
    tookMs: fresh ? Date.now() - event.timestamp : undefined,
    place: [event.city, event.country].filter(Boolean).join(", ") || undefined,
  });
}
