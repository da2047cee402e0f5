/**
 * The sockets of a room. They hibernate with it: what must survive stands in their attachments.
 * @module
 */
import type { Frame } from "../../schema/wire/live";
import { HOUR_MS } from "../lib/time";

/** A socket lives this long; whoever lost access meanwhile is out when it comes back. */
const SOCKET_MS = HOUR_MS;
/** Closing codes (RFC 6455 7.4.1 and IANA's registry). */
const NORMAL = 1000;
const COME_BACK = 1012;
/** Also: the room is full. */
export const TRY_LATER = 1013;

/** What survives hibernation with a socket. */
interface Attachment {
  project: string;
  /** Epoch ms at which the socket must prove again that it may watch. */
  until: number;
}

/** Who watches: every open socket, greeted or not. */
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

  /** The project they watch; null when nobody does. */
  get project(): string | null {
    const [socket] = this.#open();
    return socket ? attachmentOf(socket).project : null;
  }

  /** Takes a socket in, silent until it is greeted. */
  add(socket: WebSocket, project: string, now: number): void {
    this.ctx.acceptWebSocket(socket);
    socket.serializeAttachment({ project, until: now + SOCKET_MS } satisfies Attachment);
    this.#newcomers.add(socket);
  }

  /** Sends a newcomer its first frames; from now on it gets what all get. */
  greet(socket: WebSocket, frames: Frame[]): void {
    this.#newcomers.delete(socket);
    if (socket.readyState !== WebSocket.OPEN) return;
    for (const frame of frames) socket.send(JSON.stringify(frame));
  }

  /** Forgets a socket whose other side is gone. Answers the project if it was the last. */
  remove(socket: WebSocket): string | null {
    this.#newcomers.delete(socket);
    // The runtime leaves the answer to a hibernating socket's close frame to us (seen in workerd 1.20261023.1).
    if (socket.readyState === WebSocket.CLOSING) socket.close(NORMAL);
    return this.#open().some((other) => other !== socket) ? null : attachmentOf(socket).project;
  }

  /** Closes the sockets whose time is over. */
  expire(now: number): void {
    for (const socket of this.#open()) {
      if (attachmentOf(socket).until <= now) socket.close(COME_BACK, "sign in again");
    }
  }

  /** One text for all. */
  broadcast(frame: Frame): void {
    const text = JSON.stringify(frame);
    for (const socket of this.#open()) if (!this.#newcomers.has(socket)) socket.send(text);
  }

  #open(): WebSocket[] {
    return this.ctx.getWebSockets().filter((socket) => socket.readyState === WebSocket.OPEN);
  }
}

function attachmentOf(socket: WebSocket): Attachment {
  return socket.deserializeAttachment();
}
