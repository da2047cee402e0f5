/**
 * Reads a stream of Stripe's: everything once by its list, then changes by events. The feed is continued from its position
 * before the list started, so that no change is missed.
 */
import { z } from "zod";
import { type DriverContext, type Message, type ReadRequest, SourceError } from "../../vendor/driver";
import { changesAfter, FEED_KEPT_MS, feedStart } from "./feed";
import { type Ask, type ListCursor, ListMoved, listPages } from "./lists";
import { itemsOf, STRIPE_STREAMS, type StripeStream, toRecord } from "./objects";

const placeSchema = z.object({ since: z.number(), seen: z.array(z.string()) });
const stateSchema = z.union([
  z.object({
    phase: z.literal("list"),
    since: z.number(),
    cursor: z.object({ before: z.string().nullable(), last: z.string() }).nullable(),
  }),
  z.object({
    phase: z.literal("feed"),
    since: z.number(),
    seen: z.array(z.string()),
    /** Objects of the span after `since` that must still be fetched, and what follows it. */
    work: z.object({ ids: z.array(z.string()), next: placeSchema, isLast: z.boolean() }).nullable(),
  }),
]);
type State = z.infer<typeof stateSchema>;
type ListState = Extract<State, { phase: "list" }>;
type FeedState = Extract<State, { phase: "feed" }>;
type Work = NonNullable<FeedState["work"]>;

/** Number of pages of a list between two states. */
const PAGES = 10;
/** Maximum number of restarted lists in one read. */
const LISTS = 3;
/** Number of objects fetched at once, and between two states. */
const AT_ONCE = 5;
const OBJECTS = 200;

interface Reader {
  stream: StripeStream;
  ask: Ask;
  now(): number;
}

/** As `Driver.read`. */
export async function* readStripe(
  { stream, account, state }: ReadRequest,
  context: DriverContext,
): AsyncGenerator<Message> {
  const name = STRIPE_STREAMS.find((own) => own === stream.name);
  if (name === undefined) throw new SourceError("invalid", `no stream ${stream.name}`);
  const reader: Reader = {
    stream: name,
    ask: (path) => context.call({ path }, account.id),
    now: () => context.now(),
  };
  const known = stateSchema.safeParse(state).data;
  const isUsable = known !== undefined && known.since * 1000 > context.now() - FEED_KEPT_MS;
  if (state !== null && !isUsable) yield { type: "restart" };
  const begun = isUsable ? known : await freshList(reader);
  const feed = begun.phase === "feed" ? begun : yield* listAll(reader, begun);
  try {
    yield* followFeed(reader, feed);
  } catch (error) {
    if (!(error instanceof ListMoved)) throw error;
    throw new SourceError("unavailable", `${name}: ${error.message} changed during the read`);
  }
}

async function freshList({ ask, stream, now }: Reader): Promise<ListState> {
  return { phase: "list", since: await feedStart(ask, stream, now()), cursor: null };
}

/** Reads the list to its end, from the beginning when the cursor is no longer valid. */
async function* listAll(reader: Reader, begun: ListState): AsyncGenerator<Message, FeedState> {
  let at = begun;
  for (let lists = 1; ; lists++) {
    try {
      yield* listFrom(reader, at);
      return { phase: "feed", since: at.since, seen: [], work: null };
    } catch (error) {
      if (!(error instanceof ListMoved)) throw error;
      if (lists === LISTS)
        throw new SourceError("unavailable", `${reader.stream}: the list changed during the read`);
      yield { type: "restart" };
      at = await freshList(reader);
    }
  }
}

async function* listFrom(reader: Reader, { since, cursor: from }: ListState): AsyncGenerator<Message> {
  const { ask, stream } = reader;
  const query = queriesOf(stream).join("&");
  let pages = 0;
  for await (const { objects, cursor } of listPages(ask, `/v1/${stream}`, query, from)) {
    for (const object of objects) yield { type: "record", record: await recordOf(reader, object) };
    if (++pages % PAGES === 0) yield { type: "state", state: listState(since, cursor) };
  }
}

const listState = (since: number, { before, last }: ListCursor) => ({
  phase: "list",
  since,
  cursor: { before, last },
});

/** Follows events until now, with states between spans and within large ones. */
async function* followFeed(reader: Reader, begun: FeedState): AsyncGenerator<Message> {
  for (let at = begun; ; ) {
    const work: Work = at.work ?? (yield* beginSpan(reader, at));
    for (let i = 0; i < work.ids.length; i += AT_ONCE) {
      yield* await Promise.all(work.ids.slice(i, i + AT_ONCE).map((id) => changeOf(reader, id)));
      const left = { ...work, ids: work.ids.slice(i + AT_ONCE) };
      if ((i + AT_ONCE) % OBJECTS === 0) yield { type: "state", state: { ...at, work: left } };
    }
    at = { phase: "feed", ...work.next, work: null };
    yield { type: "state", state: { ...at } };
    if (work.isLast) return;
  }
}

/** Changes in the span after a position; many new objects are listed instead of fetched. */
async function* beginSpan(reader: Reader, place: FeedState): AsyncGenerator<Message, Work> {
  const { ids, listFrom, next, isLast } = await changesAfter(reader.ask, reader.stream, place, reader.now());
  const left = new Set(ids);
  if (listFrom !== null) {
    const query = [...queriesOf(reader.stream), `created%5Bgte%5D=${listFrom}`].join("&");
    for await (const { objects } of listPages(reader.ask, `/v1/${reader.stream}`, query, null))
      for (const object of objects) {
        left.delete(object.id);
        yield { type: "record", record: await recordOf(reader, object) };
      }
  }
  return { ids: [...left], next, isLast };
}

/** Canceled subscriptions are listed only on request. */
const queriesOf = (stream: StripeStream) => (stream === "subscriptions" ? ["status=all"] : []);

/** The current object; removed when it is unknown or marked as deleted. */
async function changeOf(reader: Reader, id: string): Promise<Message> {
  const { ask, stream } = reader;
  const { status, body } = await ask(`/v1/${stream}/${encodeURIComponent(id)}`);
  const isDeleted = z.looseObject({ deleted: z.literal(true) }).safeParse(body).success;
  if (status === 404 || isDeleted) return { type: "removed", key: [id] };
  return { type: "record", record: await recordOf(reader, body) };
}

/** Converts an object; the remaining items of a large subscription are fetched. */
async function recordOf({ ask, stream }: Reader, object: unknown) {
  if (stream !== "subscriptions" || !itemsOf(object).has_more) return toRecord(stream, object);
  const { id } = z.looseObject({ id: z.string() }).parse(object);
  const items: unknown[] = [];
  const query = `subscription=${encodeURIComponent(id)}`;
  for await (const page of listPages(ask, "/v1/subscription_items", query, null)) items.push(...page.objects);
  return toRecord(stream, object, items);
}
