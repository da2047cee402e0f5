/**
 * Reads records of HubSpot: everything once by its list, then changes by search. Search is eventually consistent, so its
 * windows overlap and it only determines which records to fetch. It does not report removals, so they are counted: when fewer
 * old records exist than before, the archived records are read, and if those do not explain the difference, everything is
 * listed again.
 */
import { z } from "zod";
import { DAY_MS, MINUTE_MS } from "../../../lib/time";
import { type DriverContext, type Message, type ReadRequest, SourceError } from "../../vendor/driver";
import {
  HUBSPOT_TYPES,
  type HubspotObject,
  type HubspotType,
  modifiedProperty,
  timeOf,
  toRecord,
} from "./objects";
import {
  BATCH,
  byIds,
  changedPages,
  contactsOf,
  countBefore,
  listPages,
  type Requester,
  requesterOf,
} from "./requests";

/** More than the lag of search and the clock difference. */
const OVERLAP_MS = 30 * MINUTE_MS;
/** Number of pages between two states, of lists and of searches. */
const PAGES = 10;
/** A list of this many records may be repeated after this time per record: at most a twentieth of the time. */
const RELIST_MS_EACH = 20;
/** Everything is listed again after this time, regardless of counts. */
const RELIST_MS = 30 * DAY_MS;
/** The archived records are read at least this often. */
const ARCHIVED_MS = DAY_MS;
const MAX_RECENT = 2000;

const listSchema = z.object({
  phase: z.literal("list"),
  /** When the list was started. */
  begun: z.number(),
  after: z.string().nullable(),
  /** Records listed so far that are older than the overlap. */
  count: z.number(),
});
const counted = {
  /** All changes before this have been read. */
  since: z.number(),
  /** Number of records created before `since`, as reported by search. */
  known: z.number(),
  /** Read records that changed after `since`: they must be found again, or were removed. */
  recent: z.array(z.string()),
  archived_at: z.number(),
  /** Time of the newest archived record that was processed. */
  archived_to: z.number(),
};
const searchSchema = z.object({
  phase: z.literal("search"),
  ...counted,
  listed_at: z.number(),
  /**
   * The window being read: its last id, records of `recent` that were not found yet, when it was started, and the next
   * position.
   */
  pass: z
    .object({ last: z.string(), gone: z.array(z.string()), begun: z.number(), next: z.object(counted) })
    .nullable(),
});
type ListState = z.infer<typeof listSchema>;
type SearchState = z.infer<typeof searchSchema>;
type Pass = NonNullable<SearchState["pass"]>;
const stateSchema = z.union([listSchema, searchSchema]);

interface Reader extends Requester {
  now(): number;
}

/** As `Driver.read`, for contacts, companies and deals. */
export async function* readRecords(
  { stream, account, state }: ReadRequest,
  context: DriverContext,
): AsyncGenerator<Message> {
  const type = HUBSPOT_TYPES.find((own) => own === stream.name);
  if (type === undefined) throw new SourceError("invalid", `no stream ${stream.name}`);
  const reader: Reader = { ...requesterOf(type, account.id, context), now: () => context.now() };
  const known = stateSchema.safeParse(state).data;
  if (state !== null && known === undefined) yield { type: "restart" };
  let at: ListState | SearchState = known ?? freshList(context.now());
  if (at.phase === "search") {
    const isRead: boolean = yield* follow(reader, at);
    if (isRead) return;
    yield { type: "restart" };
    at = freshList(context.now());
  }
  yield* follow(reader, yield* listAll(reader, at), true);
}

const freshList = (begun: number): ListState => ({ phase: "list", begun, after: null, count: 0 });

/** Lists everything. If search reports more records, everything is searched instead. */
async function* listAll(reader: Reader, begun: ListState): AsyncGenerator<Message, SearchState> {
  const count: number = yield* listFrom(reader, begun);
  const since = begun.begun - OVERLAP_MS;
  const known = await countBefore(reader, since);
  const state = { phase: "search" as const, recent: [], archived_at: 0, archived_to: since, pass: null };
  if (count === known) return { ...state, since, known, listed_at: begun.begun };
  yield { type: "restart" };
  return { ...state, since: 0, known: 0, listed_at: begun.begun };
}

async function* listFrom(reader: Reader, begun: ListState): AsyncGenerator<Message, number> {
  let { count } = begun;
  let pages = 0;
  for await (const { objects, after } of listPages(reader, begun.after)) {
    yield* recordsOf(reader, objects);
    count += objects.filter((own) => isOlder(reader.type, own, begun.begun - OVERLAP_MS)).length;
    if (++pages % PAGES === 0 && after !== null) yield { type: "state", state: { ...begun, after, count } };
  }
  return count;
}

const isOlder = (type: HubspotType, object: HubspotObject, than: number) =>
  timeOf(type, object, "createdate") < than;

async function* recordsOf(reader: Reader, objects: HubspotObject[]): AsyncGenerator<Message> {
  const { type } = reader;
  const ids = type === "deals" ? objects.map(({ id }) => id) : [];
  const contacts = await contactsOf(reader, ids);
  for (const object of objects)
    yield { type: "record", record: toRecord(type, object, contacts.get(object.id)) };
}

/** Reads changes and removals. False when a new list is needed, which is not the case directly after a list. */
async function* follow(reader: Reader, at: SearchState, isFresh = false): AsyncGenerator<Message, boolean> {
  const pass: Pass | null = at.pass ?? (yield* begin(reader, at, isFresh));
  if (pass === null) return false;
  const { next, begun } = pass;
  const gone = new Set(pass.gone);
  const recent = [...next.recent];
  const state = (last: string | null): Message => {
    const own = { ...next, recent: recent.slice(-MAX_RECENT) };
    const { phase, listed_at } = at;
    if (last === null) return { type: "state", state: { phase, ...own, listed_at, pass: null } };
    return { type: "state", state: { ...at, pass: { last, gone: [...gone], begun, next: own } } };
  };
  let pages = 0;
  for await (const objects of changedPages(reader, at.since, pass.last)) {
    yield* readByIds(
      reader,
      objects.map(({ id }) => id),
    );
    for (const object of objects) {
      gone.delete(object.id);
      const modified = timeOf(reader.type, object, modifiedProperty(reader.type));
      if (modified >= begun - OVERLAP_MS) recent.push(object.id);
    }
    const last = objects.at(-1)?.id;
    if (++pages % PAGES === 0 && last !== undefined) yield state(last);
  }
  yield* readByIds(reader, [...gone]);
  yield state(null);
  return true;
}

/** Counts removals and removes archived records; null when these do not explain the difference. */
async function* begin(
  reader: Reader,
  at: SearchState,
  isFresh: boolean,
): AsyncGenerator<Message, Pass | null> {
  const begun = reader.now();
  if (!isFresh && begun - at.listed_at > RELIST_MS) return null;
  const since = begun - OVERLAP_MS;
  // In this order: a deletion between the two requests is counted as missing next time.
  const known = await countBefore(reader, since);
  const missing = at.known - (await countBefore(reader, at.since));
  const isDue = missing > 0 || begun - at.archived_at > ARCHIVED_MS;
  const { count, ...archived } = isDue ? yield* removeArchived(reader, at) : { ...at, count: 0 };
  const isUnexplained = missing > count;
  if (!isFresh && isUnexplained && begun - at.listed_at > at.known * RELIST_MS_EACH) return null;
  const { archived_at, archived_to } = archived;
  const next = isUnexplained ? { since: at.since, known: at.known } : { since, known };
  return { last: "0", gone: at.recent, begun, next: { ...next, recent: [], archived_at, archived_to } };
}

/** Removes records archived since the last check; returns how many of them had been counted before. */
async function* removeArchived(reader: Reader, at: SearchState) {
  const archived_at = reader.now();
  let [archived_to, count] = [at.archived_to, 0];
  for await (const { objects } of listPages(reader, null, true)) {
    for (const object of objects) {
      const archivedAt = Date.parse(object.archivedAt ?? "");
      if (archivedAt < at.archived_to - OVERLAP_MS) continue;
      yield { type: "removed" as const, key: [object.id] };
      if (archivedAt > at.archived_to && isOlder(reader.type, object, at.since)) count += 1;
      archived_to = Math.max(archived_to, archivedAt);
    }
  }
  return { archived_at, archived_to, count };
}

/** Fetches records by id: existing ones, and ids of removed ones. */
async function* readByIds(reader: Reader, ids: string[]): AsyncGenerator<Message> {
  for (let i = 0; i < ids.length; i += BATCH) {
    const some = ids.slice(i, i + BATCH);
    const found = await byIds(reader, some);
    const there = new Set(found.map(({ id }) => id));
    yield* recordsOf(reader, found);
    for (const id of some) if (!there.has(id)) yield { type: "removed", key: [id] };
  }
}
