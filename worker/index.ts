/**
 * The switchboard: what the platform may call. No logic of its own.
 * @module
 */
import { DurableObject } from "cloudflare:workers";

const handler: ExportedHandler<Env> = {
  async fetch() {
    return new Response("not built yet", { status: 503 });
  },
};
export default handler;

export class Folder extends DurableObject<Env> {}
export class Room extends DurableObject<Env> {}
