/**
 * Keys of the messages that have been applied: one table per day, dropped when no redelivery is possible any more.
 * Dropping a table writes no rows; deleting its rows would write, and bill, one each (D1 › Platform › Pricing).
 *
 * A row contains the keys of one commit that belong to one bucket, 16 bytes each: 8 of the key's hash and 8 of its
 * request's content. Keys that state their time share a bucket with the keys of the same seconds, so that a commit writes a
 * few rows; other keys have a bucket of their own.
 * @module
 */
import { hash } from "node:crypto";
import { Lru } from "../../lib/lru";
import { retry } from "../../lib/retry";
import { DAY_MS, SECOND_MS } from "../../lib/time";
import { timeInKey } from "./key-time";

/** Days a queue retains a message that is not acknowledged: the longest that Queues offer; `npm run deploy` sets it. */
const RETENTION_DAYS = 14;
/** A message can wait that long after it was applied, and a sender may repeat a request for a day. */
const RETAINED_MS = (RETENTION_DAYS + 2) * DAY_MS;
/** Keys whose times are in the same so many ms can share a bucket. */
const BUCKET_MS = SECOND_MS;
/** A bucket of a day's table with more keys gets no more, as D1 searches the whole bucket for each key. */
const MAX_BUCKET_KEYS = 2_000;
/** Bytes of a key's hash and its content's. */
const ENTRY_BYTES = 16;
/** Hexadecimal digits of each of the two. */
const DIGITS = 16;
const NO_CONTENT = "0".repeat(DIGITS);

/** Returns the name of the table for keys that are committed at `time`. */
export function appliedTable(time: number): string {
  return `applied_keys_${new Date(time).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/**
 * Returns the tables that can contain the keys of messages received at `times`. A key is stored in the table of the day
 * of its commit, which is not before the message was received; a sender may repeat a request for a day, and either copy
 * may come first; clocks of consumers differ, so tomorrow's table counts too.
 */
export function tablesFor(times: readonly number[], now: number): string[] {
  const first = Math.max(Math.min(...times) - DAY_MS, now - RETAINED_MS);
  const names = new Set<string>();
  for (let time = first; time < now + 2 * DAY_MS; time += DAY_MS)
    names.add(appliedTable(Math.min(time, now + DAY_MS)));
  return [...names];
}

/** Tables known to exist, by database: they are created once per isolate. */
const existing = new WeakMap<D1Database, Set<string>>();

/** Creates the tables that do not exist yet. */
async function createTables(db: D1Database, tables: readonly string[]): Promise<void> {
  const known = existing.get(db) ?? new Set();
  existing.set(db, known);
  const missing = tables.filter((name) => !known.has(name));
  if (!missing.length) return;
  await db.batch(
    missing.map((name) =>
      db.prepare(
        `CREATE TABLE IF NOT EXISTS ${name} (bucket INTEGER, seq INTEGER, entries BLOB, PRIMARY KEY (bucket, seq))
         WITHOUT ROWID`,
      ),
    ),
  );
  for (const name of missing) known.add(name);
}

/**
 * Runs `read` over tables that exist. When it fails, the tables are created and it runs once more: this isolate may
 * remember a table that has been dropped since.
 */
export function withTables<T>(db: D1Database, tables: readonly string[], read: () => Promise<T>): Promise<T> {
  return retry(
    async (attempt) => {
      if (attempt > 1) existing.delete(db);
      await createTables(db, tables);
      return read();
    },
    { attempts: 2 },
  );
}

/** A commit needs the digest of each key several times, and a hash costs more than all else that it does with a key. */
const digests = new Lru<string, string>({ maxEntries: 2_000 });
const digest = (text: string): string =>
  digests.getOrCreate(text, () => hash("sha256", text, "hex").slice(0, DIGITS).toUpperCase());

/** The stored form of a message's key, 16 hexadecimal digits. */
export const entryKeyOf = digest;

/** The stored form of a request's content, 16 hexadecimal digits; null for a key that the sender did not choose. */
export const entryContentOf = (content: string | null): string | null => content && digest(content);

/** The bucket of a key alone: a negative number of 48 bits of its hash. */
const ownBucket = (key: string) => -1 - Number.parseInt(digest(key).slice(0, 12), 16);

/** The bucket that a key shares, null when it does not state its time. */
function sharedBucket(key: string): number | null {
  const time = timeInKey(key);
  return time === null ? null : Math.floor(time / BUCKET_MS);
}

const bucketsOf = (key: string): number[] => {
  const shared = sharedBucket(key);
  return shared === null ? [ownBucket(key)] : [shared, ownBucket(key)];
};

/** Applied keys with the stored form of their content. */
export type AppliedKeys = Map<string, string | null>;

/** The statement that reads which of `keys` are applied; `keysOf` reads its result. */
export function selectApplied(
  db: D1Database,
  tables: readonly string[],
  keys: readonly string[],
): D1PreparedStatement {
  const contents = tables.map(
    (name) =>
      `(SELECT hex(substr(entries, instr(entries, unhex(j.value->>2)) + 8, 8)) FROM ${name}
        WHERE bucket = j.value->>1 AND instr(entries, unhex(j.value->>2)))`,
  );
  const places = keys.flatMap((key) => bucketsOf(key).map((bucket) => [key, bucket, digest(key)]));
  return db
    .prepare(
      `SELECT * FROM (SELECT j.value->>0 AS key, coalesce(NULL, ${contents.join(", ")}) AS content FROM json_each(?1) j)
       WHERE content IS NOT NULL`,
    )
    .bind(JSON.stringify(places));
}

/** The keys in the result of `selectApplied`. */
export function keysOf(result: D1Result | undefined): AppliedKeys {
  const rows = (result?.results ?? []) as { key: string; content: string }[];
  return new Map(rows.map(({ key, content }) => [key, content === NO_CONTENT ? null : content]));
}

/** Reads which of `keys` are applied. */
export async function findApplied(
  db: D1Database,
  tables: readonly string[],
  keys: readonly string[],
): Promise<AppliedKeys> {
  return keysOf(await selectApplied(db, tables, keys).all());
}

/** What is known of the tables before keys are added; it may be older than that. */
export interface KeyState {
  /** Shared buckets that get no more keys. */
  full: Set<number>;
  /** The newest commit. */
  seq: number;
}

/** The statements that read the state for `keys`; `keyStateOf` reads their results. */
export function selectKeyState(db: D1Database, keys: readonly string[], now: number): D1PreparedStatement[] {
  const shared = new Set(keys.map(sharedBucket).filter((bucket) => bucket !== null));
  return [
    db.prepare("SELECT coalesce(max(seq), 0) AS seq FROM commits"),
    db
      .prepare(
        `SELECT j.value AS bucket FROM json_each(?1) j
         WHERE (SELECT sum(length(entries)) FROM ${appliedTable(now)} WHERE bucket = j.value) >= ?2`,
      )
      .bind(JSON.stringify([...shared]), MAX_BUCKET_KEYS * ENTRY_BYTES),
  ];
}

/** The state in the results of `selectKeyState`. */
export function keyStateOf([newest, full]: readonly D1Result[]): KeyState {
  const [row] = (newest?.results ?? []) as { seq: number }[];
  const rows = (full?.results ?? []) as { bucket: number }[];
  return { seq: row?.seq ?? 0, full: new Set(rows.map(({ bucket }) => bucket)) };
}

/** A key to be applied, with the content of its request. */
export interface KeyedContent {
  key: string;
  content: string | null;
}

/** What `insertApplied` records. */
export interface NewKeys {
  tables: readonly string[];
  keys: readonly KeyedContent[];
  /** Read with or before the applied keys, which contain none of `keys`. */
  before: KeyState;
}

/** The statement that fails when a commit since `before` has applied one of the keys. */
export function guardApplied(db: D1Database, { tables, keys, before }: NewKeys): D1PreparedStatement {
  const isIn = tables.map(
    (name) =>
      `EXISTS (SELECT 1 FROM ${name} a WHERE a.bucket = j.value->>0 AND a.seq > ?2 AND instr(a.entries, unhex(j.value->>1)))`,
  );
  const pairs = keys.flatMap(({ key }) => bucketsOf(key).map((bucket) => [bucket, digest(key)]));
  return db
    .prepare(
      `SELECT CASE WHEN EXISTS (SELECT 1 FROM json_each(?1) j WHERE ${isIn.join(" OR ")}) THEN json('') ELSE 1 END`,
    )
    .bind(JSON.stringify(pairs), before.seq);
}

/** The statement that records keys as applied by the newest commit, after that was added. */
export function insertApplied(db: D1Database, { keys, before }: NewKeys, now: number): D1PreparedStatement {
  const rows = new Map<number, string>();
  for (const { key, content } of keys) {
    const shared = sharedBucket(key);
    const bucket = shared === null || before.full.has(shared) ? ownBucket(key) : shared;
    rows.set(bucket, (rows.get(bucket) ?? "") + digest(key) + (entryContentOf(content) ?? NO_CONTENT));
  }
  return db
    .prepare(
      `INSERT INTO ${appliedTable(now)} (bucket, seq, entries)
       SELECT value->>0, (SELECT max(seq) FROM commits), unhex(value->>1) FROM json_each(?1)`,
    )
    .bind(JSON.stringify([...rows]));
}

/** Returns the tables whose keys can no longer be redelivered. */
export async function outlivedTables(db: D1Database, now: number): Promise<string[]> {
  const { results } = await db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'applied_keys_[0-9]*' AND name < ?1",
    )
    .bind(appliedTable(now - RETAINED_MS))
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}
