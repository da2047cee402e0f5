/**
 * Tickets: how a page that cannot send a header opens a socket. One use, half a minute, stored as fingerprints.
 * @module
 */
import { fingerprint, randomSecret } from "../../lib/secret";
import { SECOND_MS } from "../../lib/time";
import type { Watcher } from "./subscribers";

/** How long a ticket can be used. */
export const TICKET_MS = 30 * SECOND_MS;
const PREFIX = "ticket:";

interface Ticket {
  until: number;
  watcher: Watcher;
}

/** Issues a ticket and deletes expired ones. */
export async function issueTicket(
  storage: DurableObjectStorage,
  watcher: Watcher,
  now: number,
): Promise<string> {
  const over = [...(await storage.list<Ticket>({ prefix: PREFIX }))].filter(
    ([, { until }]) => !(until > now),
  );
  // 128 keys per delete (Durable Objects › Storage API); the rest is deleted with the next ticket.
  await storage.delete(over.slice(0, 128).map(([key]) => key));
  const ticket = randomSecret(32);
  await storage.put<Ticket>(PREFIX + (await fingerprint(ticket)), { until: now + TICKET_MS, watcher });
  return ticket;
}

/**
 * Redeems a ticket and returns its owner; null when it is not valid. Input gates prevent concurrent use of one ticket.
 */
export async function redeemTicket(
  storage: DurableObjectStorage,
  ticket: string,
  now: number,
): Promise<Watcher | null> {
  const key = PREFIX + (await fingerprint(ticket));
  const stored = await storage.get<Ticket>(key);
  if (stored === undefined) return null;
  await storage.delete(key);
  return stored.until > now ? stored.watcher : null;
}
