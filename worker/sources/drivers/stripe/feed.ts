/**
 * Stripe's events as a change feed ("Events": kept 30 days). An event says only which object changed: its payload has the
 * shape of the version it was made in, so objects are asked for by id.
 * @module
 */
import { z } from "zod";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../lib/time";
import { parseShape } from "../parse-answer";
import { type Ask, type Listed, listPages } from "./lists";
import type { StripeStream } from "./objects";

/** A place in the feed. */
export interface FeedPlace {
  /** All events made before this epoch second have been followed. */
  since: number;
  /** Ids of later events that have been, too. */
  seen: string[];
}

/** State older than this is of no use: events are kept 30 days, a day is spare. */
export const FEED_KEPT_MS = 29 * DAY_MS;

/** Events that appear late, behind newer ones, are looked for so far back. */
const OVERLAP_S = (5 * MINUTE_MS) / 1000;
/** Where there are no events to tell Stripe's time by, our clock may go this wrong. */
const SKEW_S = (6 * HOUR_MS) / 1000;
/** Younger events are followed again next time: their object may have been read before it showed the change. */
const SETTLED_S = MINUTE_MS / 1000;
const DAY_S = DAY_MS / 1000;
const MAX_SEEN = 1000;
/** New objects that are worth a list. */
const MANY = 20;

const named = (object: string, ...verbs: string[]) => verbs.map((verb) => `${object}.${verb}`);

/** Events after which an object of a stream is another; at most 20 a question. */
const TYPES: Record<StripeStream, string[]> = {
  customers: named("customer", "created", "updated", "deleted"),
  products: named("product", "created", "updated", "deleted"),
  prices: named("price", "created", "updated", "deleted"),
  subscriptions: [
    ...named("customer.subscription", "created", "updated", "deleted", "paused", "resumed"),
    ...named("customer.subscription", "pending_update_applied", "pending_update_expired"),
  ],
  invoices: [
    ...named("invoice", "created", "updated", "deleted", "finalized", "finalization_failed", "sent"),
    ...named("invoice", "paid", "payment_succeeded", "payment_failed", "payment_action_required"),
    ...named("invoice", "overdue", "overpaid", "voided", "marked_uncollectible"),
  ],
  charges: [
    ...named("charge", "succeeded", "pending", "failed", "captured", "expired", "updated", "refunded"),
    ...named("charge", "refund.updated"),
    ...named("refund", "failed", "updated"),
  ],
};

const eventSchema = z.looseObject({
  id: z.string(),
  created: z.number().int(),
  data: z.object({
    object: z.looseObject({
      id: z.string(),
      object: z.string(),
      created: z.number().int().optional(),
      charge: z.unknown().optional(),
    }),
  }),
});
type StripeEvent = z.infer<typeof eventSchema>;

const queryOf = (stream: StripeStream) =>
  TYPES[stream].map((type) => `types%5B%5D=${encodeURIComponent(type)}`).join("&");

/** Where to take up the feed once everything has been listed that there is now. `now` in epoch ms. */
export async function feedStart(ask: Ask, stream: StripeStream, now: number): Promise<number> {
  const answer = await ask(`/v1/events?limit=1&${queryOf(stream)}`);
  const { data } = parseShape("events", z.object({ data: z.array(eventSchema) }), answer.body);
  return place(data, 0, now);
}

/** What changed within a span of the feed. */
export interface Changes {
  ids: string[];
  /** When many of them are new: epoch second from which on a list has those. */
  listFrom: number | null;
  /** The place behind the span, and whether nothing is behind it. */
  next: FeedPlace;
  isLast: boolean;
}

/** Objects that changed within a day after a place, or up to now. */
export async function changesAfter(
  ask: Ask,
  stream: StripeStream,
  { since, seen }: FeedPlace,
  now: number,
): Promise<Changes> {
  const until = since + DAY_S;
  const isLast = until * 1000 > now - DAY_MS;
  const span = `created%5Bgte%5D=${since}${isLast ? "" : `&created%5Blt%5D=${until}`}`;
  const events: StripeEvent[] = [];
  for await (const { objects } of listPages(ask, "/v1/events", `${queryOf(stream)}&${span}`, null))
    events.push(...objects.map((event) => eventOf(event)));
  const known = new Set(seen);
  const unseen = events.filter(({ id }) => !known.has(id));
  const changes = { ids: [...new Set(unseen.map(objectId))], listFrom: newSince(unseen, since), isLast };
  if (!isLast) return { ...changes, next: { since: until, seen } };
  const next = place(events, since, now);
  const settled = Math.floor(now / 1000) - SETTLED_S;
  const later = events.filter(({ created }) => created >= next && created <= settled).map(({ id }) => id);
  return { ...changes, next: { since: next, seen: later.slice(0, MAX_SEEN) } };
}

/** Since when objects are new, if enough are that a list takes fewer calls than asking for each. */
function newSince(events: StripeEvent[], since: number): number | null {
  const young = new Map<string, number>();
  for (const { data } of events) {
    const { id, created } = data.object;
    if (created !== undefined && created >= since && data.object.object !== "refund") young.set(id, created);
  }
  return young.size > MANY ? Math.min(...young.values()) : null;
}

const eventOf = (value: Listed) => parseShape("events", eventSchema, value);
/** The object that changed: of a refund, its charge. */
const objectId = ({ data: { object } }: StripeEvent) =>
  object.object === "refund" && typeof object.charge === "string" ? object.charge : object.id;

/** A little before the newest event, by Stripe's clock, or long before now by ours; epoch seconds. */
function place(events: StripeEvent[], floor: number, now: number): number {
  const newest = Math.max(0, ...events.map(({ created }) => created));
  return Math.max(floor, newest - OVERLAP_S, Math.floor(now / 1000) - SKEW_S);
}
