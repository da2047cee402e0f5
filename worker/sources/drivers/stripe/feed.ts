/**
 * Stripe's events as a change feed ("Events": available for 30 days). An event only identifies the changed object: its
 * payload has the shape of the API version that created it, so objects are fetched by id.
 */
import { z } from "zod";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../lib/time";
import { parseShape } from "../parse-answer";
import { type Ask, type Listed, listPages } from "./lists";
import type { StripeStream } from "./objects";

/** A position in the feed. */
export interface FeedPlace {
  /** All events before this epoch second have been processed. */
  since: number;
  /** Ids of processed events after that. */
  seen: string[];
}

/** Maximum age of a state: events are available for 30 days, with a day of margin. */
export const FEED_KEPT_MS = 29 * DAY_MS;

/** Events that appear late, behind newer ones, are searched this far back. */
const OVERLAP_S = (5 * MINUTE_MS) / 1000;
/** Maximum clock difference, used when there is no event that shows Stripe's time. */
const SKEW_S = (6 * HOUR_MS) / 1000;
/** Younger events are processed again next time: their object may have been read before the change was visible. */
const SETTLED_S = MINUTE_MS / 1000;
const DAY_S = DAY_MS / 1000;
const MAX_SEEN = 1000;
/** Number of new objects from which a list is cheaper. */
const MANY = 20;

const named = (object: string, ...verbs: string[]) => verbs.map((verb) => `${object}.${verb}`);

/** Events that change an object of a stream; at most 20 per query. */
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

/** The position at which to continue after a full list started now. `now` in epoch ms. */
export async function feedStart(ask: Ask, stream: StripeStream, now: number): Promise<number> {
  const answer = await ask(`/v1/events?limit=1&${queryOf(stream)}`);
  const { data } = parseShape("events", z.object({ data: z.array(eventSchema) }), answer.body);
  return place(data, 0, now);
}

/** Changes within a span of the feed. */
export interface Changes {
  ids: string[];
  /** When many objects are new: epoch second from which a list contains them. */
  listFrom: number | null;
  /** The position after the span, and whether it is the last one. */
  next: FeedPlace;
  isLast: boolean;
}

/** Objects that changed within a day after a position, or until now. */
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

/** Epoch second since which objects are new, if listing them takes fewer calls than fetching each. */
function newSince(events: StripeEvent[], since: number): number | null {
  const young = new Map<string, number>();
  for (const { data } of events) {
    const { id, created } = data.object;
    if (created !== undefined && created >= since && data.object.object !== "refund") young.set(id, created);
  }
  return young.size > MANY ? Math.min(...young.values()) : null;
}

const eventOf = (value: Listed) => parseShape("events", eventSchema, value);
/** The changed object: for a refund, its charge. */
const objectId = ({ data: { object } }: StripeEvent) =>
  object.object === "refund" && typeof object.charge === "string" ? object.charge : object.id;

/** Shortly before the newest event, by Stripe's clock, or long before now by ours; epoch seconds. */
function place(events: StripeEvent[], floor: number, now: number): number {
  const newest = Math.max(0, ...events.map(({ created }) => created));
  return Math.max(floor, newest - OVERLAP_S, Math.floor(now / 1000) - SKEW_S);
}
