/**
 * Reads records of HubSpot: everything once by its list, from then on what search says was changed. Search is eventually
 * consistent, so its windows overlap and it only says which records to ask for; nor does it tell what is gone, so that is counted: when fewer old records exist than
 * before, the archived ones are looked through, and if those do not explain it, all is listed again.
 * @module
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

/** More than search may lag behind and our clock may differ. */
const OVERLAP_MS = 30 * MINUTE_MS;
/** Pages between two states, of lists and of searches. */
const PAGES = 10;
/** A list of so many records may be read again after so much time for each, a twentieth of the time at most. */
const RELIST_MS_EACH = 20;
/** After this everything is listed again, whatever the counts say. */
const RELIST_MS = 30 * DAY_MS;
/** The archived records are looked through at least this often. */
const ARCHIVED_MS = DAY_MS;
const MAX_RECENT = 2000;

const listSchema = z.object({
  phase: z.literal("list"),
  /** When the list was begun. */
  begun: z.number(),
  after: z.string().nullable(),
  /** Records listed so far that are older than the overlap. */
  count: z.number(),
});
const counted = {
  /** Everything changed before this has been read. */
  since: z.number(),
  /** How many records search knew of that were created before `since`. */
  known: z.number(),
  /** Records changed later than `since` that have been read: they must be found again, or are gone. */
  recent: z.array(z.string()),
  archived_at: z.number(),
  /** Time of the newest archived record that was processed. */
  archived_to: z.number(),
};
const searchSchema = z.object({
  phase: z.literal("search"),
  ...counted,
  listed_at: z.number(),
  /** The window that is being read: its last id, what of `recent` was not found yet, when it was begun, and what follows. */
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

/** As `Driver.read`, of contacts, companies and deals. */
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

/** Lists everything. When that is not as much as search knows of, everything is searched for instead: there it shows. */
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

/** Reads what changed and what is gone. False when that needs a new list, which a list just read does not. */
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

/** Counts what is gone and removes what was archived; null when that does not explain it. */
async function* begin(
  reader: Reader,
  at: SearchState,
  isFresh: boolean,
): AsyncGenerator<Message, Pass | null> {
  const begun = reader.now();
  if (!isFresh && begun - at.listed_at > RELIST_MS) return null;
  const since = begun - OVERLAP_MS;
  // In this order: what is deleted between the two is counted as missing next time.
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

/** Removes records archived since the last check; counts those that had been counted before. */
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

/** Records by id: those that are there, and those that are gone. */
async function* readByIds(reader: Reader, ids: string[]): AsyncGenerator<Message> {
  for (let i = 0; i < ids.length; i += BATCH) {
    const some = ids.slice(i, i + BATCH);
    const found = await byIds(reader, some);
    const there = new Set(found.map(({ id }) => id));
    yield* recordsOf(reader, found);
    for (const id of some) if (!there.has(id)) yield { type: "removed", key: [id] };
  }
}
