/**
 * A live socket that reconnects by itself.
 * @module
 */
import type { AtFrame, Frame } from "../../../schema/wire/live";

/** State of the socket. `full` and `refused` are the server's close codes 1013 and 1008. */
export type LinkState = "connecting" | "open" | "waiting" | "full" | "refused";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const PING_EVERY_MS = 30_000;

export interface LiveHandlers {
  frame: (frame: Frame) => void;
  state: (state: LinkState) => void;
}

/** Delay in ms before the `attempt`-th reconnect (from 0): doubles each time, half of it random. */
export function backoff(attempt: number, chance = Math.random()): number {
  const full = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return full / 2 + (full / 2) * chance;
}

export interface LiveSocket {
  /** Reports which dashboard is viewed, now and after every reconnect. */
  at: (dashboard: string | null) => void;
  close: () => void;
}

/** Opens a project's live socket and keeps it open until `close()`. Browser only. */
export function makeLiveSocket(project: string, handlers: LiveHandlers): LiveSocket {
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let ping: ReturnType<typeof setInterval> | undefined;
  let attempt = 0;
  let closed = false;
  let place: string | null = null;

  function sayPlace() {
    const frame: AtFrame = { type: "at", dashboard_id: place };
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  function connect() {
    handlers.state("connecting");
    const url = new URL(`/api/v1/ws/events/${encodeURIComponent(project)}`, window.location.href);
    url.protocol = url.protocol.replace("http", "ws");
    socket = new WebSocket(url);
    socket.onopen = () => {
      handlers.state("open");
      if (place !== null) sayPlace();
      ping = setInterval(() => socket?.send("ping"), PING_EVERY_MS);
    };
    socket.onmessage = (message) => {
      if (message.data === "pong") return;
      attempt = 0;
      handlers.frame(JSON.parse(message.data));
    };
    socket.onclose = (event) => lost(event.code);
  }

  function lost(code: number) {
    clearInterval(ping);
    if (closed) return;
    if (code === 1008) return handlers.state("refused");
    handlers.state(code === 1013 ? "full" : "waiting");
    timer = setTimeout(connect, backoff(attempt++));
  }

  /** After waking or coming back online, reconnect at once. */
  function reconnectNow() {
    if (closed || socket?.readyState === WebSocket.OPEN || socket?.readyState === WebSocket.CONNECTING)
      return;
    clearTimeout(timer);
    attempt = 0;
    connect();
  }

  window.addEventListener("online", reconnectNow);
  connect();
  return {
    at(dashboard) {
      if (dashboard === place) return;
      place = dashboard;
      sayPlace();
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(ping);
      window.removeEventListener("online", reconnectNow);
      socket?.close(1000);
    },
  };
}
