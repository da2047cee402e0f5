/**
 * The sockets of a room. They hibernate with it: state that must survive is stored in their attachments.
 * @module
 */
import type { Frame } from "../../../schema/wire/live";
import { HOUR_MS } from "../../lib/time";

/** A socket is closed after this long; the client connects again, and is refused if it lost access meanwhile. */
const SOCKET_MS = HOUR_MS;
/** Closing codes (RFC 6455 7.4.1 and IANA's registry). */
const NORMAL = 1000;
const NOT_ALLOWED = 1008;
const COME_BACK = 1012;
/** Also: the room is full. */
export const TRY_LATER = 1013;

/** The socket's owner. `name` is null for a program, which is not shown to anyone. */
export interface Watcher {
  user_id: string;
  /** Id of the sign-in session or token by which they were admitted. */
  credential: string;
  name: string | null;
}

/** Whose sockets are closed: those of a user, those that were opened with one of the credentials, or all. */
export type Expelled = { user: string } | { credentials: readonly string[] } | "all";

function isExpelled(whose: Expelled, { user_id, credential }: Watcher): boolean {
  if (whose === "all") return true;
  return "user" in whose ? whose.user === user_id : whose.credentials.includes(credential);
}

/** A person and the dashboard that the socket's page shows. */
export interface Viewer extends Omit<Watcher, "credential"> {
  dashboard_id: string | null;
  /** Epoch ms at which the dashboard was opened. */
  moved_at: number;
}

/** State of a socket that survives hibernation. */
interface Attachment extends Viewer, Watcher {
  project: string;
  /** Epoch ms at which the socket must be authorized again. */
  until: number;
}

/** All open sockets, greeted or not. */
export class Subscribers {
  /** Sockets that are not greeted yet: `hello` is their first frame. */
  readonly #newcomers = new Set<WebSocket>();

  constructor(readonly ctx: DurableObjectState) {
    // Answered by the runtime: a ping does not wake the object.
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  }

  get size(): number {
    return this.#open().length;
  }

  /** The project they watch; null without subscribers. */
  get project(): string | null {
    const [socket] = this.#open();
    return socket ? attachmentOf(socket).project : null;
  }

  /** Adds a socket; it receives nothing until it is greeted. */
  add(socket: WebSocket, project: string, watcher: Watcher, now: number): void {
    this.ctx.acceptWebSocket(socket);
    const attachment: Attachment = {
      ...{ ...watcher, project, until: now + SOCKET_MS },
      ...{ dashboard_id: null, moved_at: now },
    };
    socket.serializeAttachment(attachment);
    this.#newcomers.add(socket);
  }

  /** Sets the dashboard that a socket's page shows; returns whether it changed. */
  setDashboard(socket: WebSocket, dashboard_id: string | null, now: number): boolean {
    const attachment = attachmentOf(socket);
    if (attachment.dashboard_id === dashboard_id) return false;
    socket.serializeAttachment({ ...attachment, dashboard_id, moved_at: now } satisfies Attachment);
    return true;
  }

  /** Returns the viewers, one per socket. */
  viewers(): Viewer[] {
    return this.#open().map(attachmentOf);
  }

  /** Sends a new socket its first frames; from now on it receives all broadcasts. */
  greet(socket: WebSocket, frames: Frame[]): void {
    this.#newcomers.delete(socket);
    if (socket.readyState !== WebSocket.OPEN) return;
    for (const frame of frames) socket.send(JSON.stringify(frame));
  }

  /** Removes a disconnected socket. Returns the project if it was the last one, else null. */
  remove(socket: WebSocket): string | null {
    this.#newcomers.delete(socket);
    // The runtime does not answer a hibernating socket's close frame (seen in workerd 1.20261023.1).
    if (socket.readyState === WebSocket.CLOSING) socket.close(NORMAL);
    return this.#open().some((other) => other !== socket) ? null : attachmentOf(socket).project;
  }

  /** Closes expired sockets. */
  expire(now: number): void {
    for (const socket of this.#open()) {
      if (attachmentOf(socket).until <= now) socket.close(COME_BACK, "sign in again");
    }
  }

  /** Closes the sockets of those who may not watch any more. */
  expel(whose: Expelled): void {
    for (const socket of this.#open()) {
      if (isExpelled(whose, attachmentOf(socket))) socket.close(NOT_ALLOWED, "not allowed");
    }
  }

  /** Sends one text to all sockets, or to those of one user. */
  broadcast(frame: Frame, only?: string): void {
    const text = JSON.stringify(frame);
    for (const socket of this.#open()) {
      const isMeant = only === undefined || attachmentOf(socket).user_id === only;
      if (isMeant && !this.#newcomers.has(socket)) socket.send(text);
    }
  }

  #open(): WebSocket[] {
    return this.ctx.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN);
  }
}

function attachmentOf(socket: WebSocket): Attachment {
  return socket.deserializeAttachment();
}
