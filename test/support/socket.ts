/**
 * Live sockets through the Worker's own entry.
 * @module
 */
import { exports } from "cloudflare:workers";
import { expect, vi } from "vitest";

const ORIGIN = "http://localhost";

/** A socket that was opened, with its closing codes. */
export interface Watching {
  closed: number[];
  frames: string[];
  close(): void;
}

/** Opens the project's socket; a refused one is opened and closed too. */
export async function openSocket(
  project: string,
  headers: Record<string, string>,
  query = "",
): Promise<Watching> {
  const url = `${ORIGIN}/api/v1/ws/events/${project}${query}`;
  const { webSocket } = await exports.default.fetch(url, { headers: { upgrade: "websocket", ...headers } });
  if (!webSocket) throw new Error("the upgrade was refused");
  const closed: number[] = [];
  const frames: string[] = [];
  webSocket.addEventListener("close", ({ code }) => closed.push(code));
  webSocket.addEventListener("message", ({ data }) => frames.push(String(data)));
  webSocket.accept();
  return { closed, frames, close: () => webSocket.close() };
}

/** Opens it with a bearer token and waits for its first frame. */
export async function watchWith(project: string, token: string): Promise<Watching> {
  const socket = await openSocket(project, { authorization: `Bearer ${token}` });
  await vi.waitFor(() => expect(socket.frames.length).toBeGreaterThan(0), 5000);
  return socket;
}

/** Waits until the socket is closed as not allowed, within the five seconds that a change may take. */
export async function expelled(socket: Watching): Promise<void> {
  await vi.waitFor(() => expect(socket.closed).toEqual([1008]), 5000);
}
