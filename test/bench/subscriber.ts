/**
 * Subscribers of a project's live feed.
 * @module
 */
import type { Frame } from "../../schema/wire/live.ts";
import type { Product } from "../support/product.ts";

/** Opens a socket with a ticket and receives every frame; resolves after the first one. */
export async function subscribe(
  { api, server }: Product,
  project: string,
  onFrame: (frame: Frame, text: string) => void,
): Promise<WebSocket> {
  const { ticket } = await api<{ ticket: string }>("POST", `/api/v1/projects/${project}/live-ticket`);
  const url = `${server.url.replace("http", "ws")}/api/v1/ws/events/${project}?ticket=${ticket}`;
  const socket = new WebSocket(url);
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error(`bench: no socket at ${server.url}`));
    socket.onclose = ({ code, reason }) => reject(new Error(`bench: socket closed, ${code} ${reason}`));
    socket.onmessage = ({ data }) => {
      const text = String(data);
      const frame: Frame = JSON.parse(text);
      if (frame.type === "hello") resolve();
      onFrame(frame, text);
    };
  });
  return socket;
}
