/**
 * Keys of the messages that have been applied: one table per day, dropped when no redelivery is possible any more.
 * Dropping a table writes no rows; deleting its rows would write, and bill, one each (D1 › Platform › Pricing).
 * @module
 */
import { retry } from "../../lib/retry";
import { DAY_MS } from "../../lib/time";

/** Days a queue retains a message that is not acknowledged: the longest that Queues offer; `npm run deploy` sets it. */
const RETENTION_DAYS = 14;
/** A message can wait that long after it was applied, and a sender may repeat a request for a day. */
const RETAINED_MS = (RETENTION_DAYS + 2) * DAY_MS;

/** Tables known to exist, by database: they are created once per isolate. */
const existing = new WeakMap<D1Database, Set<string>>();

/** Returns the name of the table for keys that are committed at `time`. */
export function appliedTable(time: number): string {
  return `applied_${new Date(time).toISOString().slice(0, 10).replaceAll("-", "")}`;
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

/** Creates the tables that do not exist yet. */
async function createTables(db: D1Database, tables: readonly string[]): Promise<void> {
  const known = existing.get(db) ?? new Set();
  existing.set(db, known);
  const missing = tables.filter((name) => !known.has(name));
  if (!missing.length) return;
  await db.batch(
    missing.map((name) =>
      db.prepare(`CREATE TABLE IF NOT EXISTS ${name} (key TEXT PRIMARY KEY, content TEXT) WITHOUT ROWID`),
    ),
  );
  await addContent(db, missing);
  for (const name of missing) known.add(name);
}

/** Adds the column `content` to tables that were created before it existed. */
async function addContent(db: D1Database, tables: readonly string[]): Promise<void> {
  const { results } = await db
    .prepare(
      `SELECT j.value AS name FROM json_each(?1) j
       WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info(j.value) WHERE name = 'content')`,
    )
    .bind(JSON.stringify(tables))
    .all<{ name: string }>();
  for (const { name } of results) await db.prepare(`ALTER TABLE ${name} ADD COLUMN content TEXT`).run();
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

/** SQL condition: the key `j.value` is in one of the tables. */
const isIn = (tables: readonly string[]) =>
  tables.map((name) => `EXISTS (SELECT 1 FROM ${name} WHERE key = j.value)`).join(" OR ");

/** Applied keys with the content of their request, null where the key was generated. */
export type AppliedKeys = Map<string, string | null>;

/** A key to be applied, with the content of its request. */
export interface KeyedContent {
  key: string;
  content: string | null;
}

/** The statement that reads which of `keys` are applied; `keysOf` reads its result. */
export function selectApplied(
  db: D1Database,
  tables: readonly string[],
  keys: readonly string[],
): D1PreparedStatement {
  const contents = tables.map((name) => `(SELECT content FROM ${name} WHERE key = j.value)`).join(", ");
  return db
    .prepare(
      `SELECT j.value AS key, coalesce(NULL, ${contents}) AS content FROM json_each(?1) j WHERE ${isIn(tables)}`,
    )
    .bind(JSON.stringify(keys));
}

/** The keys in the result of `selectApplied`. */
export function keysOf(result: D1Result | undefined): AppliedKeys {
  return new Map(((result?.results ?? []) as KeyedContent[]).map(({ key, content }) => [key, content]));
}

/** Returns those of `keys` that are applied. */
export async function findApplied(
  db: D1Database,
  tables: readonly string[],
  keys: readonly string[],
): Promise<AppliedKeys> {
  return keysOf(await selectApplied(db, tables, keys).all());
}

/**
 * Statements that record keys as applied at `now`. The first one fails when any key is in any of the tables (two copies
 * of a request can be committed on different days); the second one fails when it is in today's.
 */
export function insertApplied(
  db: D1Database,
  tables: readonly string[],
  keys: readonly KeyedContent[],
  now: number,
): D1PreparedStatement[] {
  const pairs = JSON.stringify(keys.map(({ key, content }) => [key, content]));
  return [
    db
      .prepare(
        `SELECT CASE WHEN EXISTS (SELECT 1 FROM json_each(?1) j WHERE ${isIn(tables)}) THEN json('') ELSE 1 END`,
      )
      .bind(JSON.stringify(keys.map(({ key }) => key))),
    db
      .prepare(
        `INSERT INTO ${appliedTable(now)} (key, content) SELECT value->>0, value->>1 FROM json_each(?1)`,
      )
      .bind(pairs),
  ];
}

/** Returns the tables whose keys can no longer be redelivered. */
export async function outlivedTables(db: D1Database, now: number): Promise<string[]> {
  const { results } = await db
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'applied_[0-9]*' AND name < ?1",
    )
    .bind(appliedTable(now - RETAINED_MS))
    .all<{ name: string }>();
  return results.map(({ name }) => name);
}
