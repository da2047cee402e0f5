/**
 * Reads a stream of Stripe's: everything once by its list, from then on by events. The feed is taken up where it stood
 * before the list began, so that nothing falls between the two.
 * @module
 */
import { z } from "zod";
import { type DriverContext, type Message, type ReadRequest, SourceError } from "../../driver";
import { changesAfter, FEED_KEPT_MS, feedStart } from "./feed";
import { type Ask, type ListCursor, ListMoved, listPages } from "./lists";
import { itemsOf, STRIPE_STREAMS, type StripeStream, toRecord } from "./objects";

const stateSchema = z.union([
  z.object({
    phase: z.literal("list"),
    since: z.number(),
    cursor: z.object({ before: z.string().nullable(), last: z.string() }).nullable(),
  }),
  z.object({ phase: z.literal("feed"), since: z.number(), seen: z.array(z.string()) }),
]);
type State = z.infer<typeof stateSchema>;
type ListState = Extract<State, { phase: "list" }>;
type FeedState = Extract<State, { phase: "feed" }>;

/** Pages of a list between two states. */
const PAGES = 10;
/** Lists begun in one read, when their place was lost. */
const LISTS = 3;
/** Objects asked for at once. */
const AT_ONCE = 5;

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
  yield* followFeed(reader, begun.phase === "feed" ? begun : yield* listAll(reader, begun));
}

async function freshList({ ask, stream, now }: Reader): Promise<ListState> {
  return { phase: "list", since: await feedStart(ask, stream, now()), cursor: null };
}

/** Reads the list to its end, from the beginning when its place is lost. */
async function* listAll(reader: Reader, begun: ListState): AsyncGenerator<Message, FeedState> {
  let at = begun;
  for (let lists = 1; ; lists++) {
    try {
      yield* listFrom(reader, at);
      return { phase: "feed", since: at.since, seen: [] };
    } catch (error) {
      if (!(error instanceof ListMoved)) throw error;
      if (lists === LISTS)
        throw new SourceError("unavailable", `${reader.stream}: the list does not hold still`);
      yield { type: "restart" };
      at = await freshList(reader);
    }
  }
}

async function* listFrom(reader: Reader, { since, cursor: from }: ListState): AsyncGenerator<Message> {
  const { ask, stream } = reader;
  // Canceled subscriptions are listed only when they are asked for.
  const query = stream === "subscriptions" ? "status=all" : "";
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

/** Follows events up to now, with a state after each span of them. */
async function* followFeed(reader: Reader, begun: FeedState): AsyncGenerator<Message> {
  let place = { since: begun.since, seen: begun.seen };
  for (let isLast = false; !isLast; ) {
    const changes = await changesOf(reader, place);
    for (let i = 0; i < changes.ids.length; i += AT_ONCE)
      yield* await Promise.all(changes.ids.slice(i, i + AT_ONCE).map((id) => changeOf(reader, id)));
    ({ next: place, isLast } = changes);
    yield { type: "state", state: { phase: "feed", since: place.since, seen: place.seen } };
  }
}

async function changesOf({ ask, stream, now }: Reader, place: { since: number; seen: string[] }) {
  try {
    return await changesAfter(ask, stream, place, now());
  } catch (error) {
    if (!(error instanceof ListMoved)) throw error;
    throw new SourceError("unavailable", `${stream}: the events do not hold still`);
  }
}

/** An object as it is now; gone when it is unknown or answers that it is deleted. */
async function changeOf(reader: Reader, id: string): Promise<Message> {
  const { ask, stream } = reader;
  const { status, body } = await ask(`/v1/${stream}/${encodeURIComponent(id)}`);
  const isDeleted = z.looseObject({ deleted: z.literal(true) }).safeParse(body).success;
  if (status === 404 || isDeleted) return { type: "removed", key: [id] };
  return { type: "record", record: await recordOf(reader, body) };
}

/** A record; of a subscription with more items than came along, the rest is asked for. */
async function recordOf({ ask, stream }: Reader, object: unknown) {
  if (stream !== "subscriptions" || !itemsOf(object).has_more) return toRecord(stream, object);
  const { id } = z.looseObject({ id: z.string() }).parse(object);
  const items: unknown[] = [];
  const query = `subscription=${encodeURIComponent(id)}`;
  for await (const page of listPages(ask, "/v1/subscription_items", query, null)) items.push(...page.objects);
  return toRecord(stream, object, items);
}
