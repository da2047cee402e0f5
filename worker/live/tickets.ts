/**
 * Tickets: how a page that cannot send a header opens a socket. One use, half a minute, kept only as fingerprints.
 * @module
 */
import { fingerprint, randomSecret } from "../lib/secret";
import { SECOND_MS } from "../lib/time";

/** How long a ticket can be used. */
export const TICKET_MS = 30 * SECOND_MS;
const PREFIX = "ticket:";

/** Makes a ticket and clears away those that are over. */
export async function issueTicket(storage: DurableObjectStorage, now: number): Promise<string> {
  const over = [...(await storage.list<number>({ prefix: PREFIX }))].filter(([, until]) => until <= now);
  // 128 keys a delete (Durable Objects › Storage API); the rest goes with the next ticket.
  await storage.delete(over.slice(0, 128).map(([key]) => key));
  const ticket = randomSecret(32);
  await storage.put(PREFIX + (await fingerprint(ticket)), now + TICKET_MS);
  return ticket;
}

/** Uses a ticket up; whether it was good. Input gates keep two sockets from using the same one. */
export async function redeemTicket(
  storage: DurableObjectStorage,
  ticket: string,
  now: number,
): Promise<boolean> {
  const key = PREFIX + (await fingerprint(ticket));
  const until = await storage.get<number>(key);
  if (until === undefined) return false;
  await storage.delete(key);
  return until > now;
}
