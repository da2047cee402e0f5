/**
 * The platform's limits that local D1 and Queues do not have, for every test that runs in workerd: a statement, value,
 * result or message beyond a limit fails as it does on Cloudflare.
 * @module
 */
import { D1_LIMITS, QUEUE_LIMITS } from "../../../worker/lib/platform-limits";
import { Folder } from "../../../worker/pipeline/fold";
import { countObjects, countQueries, countWritten, makeInvocations } from "./invocation";

/** Patches the bindings' classes. All databases, buckets and queues of the isolate share them. */
export function enforceLimits({ db, lake, queue }: { db: D1Database; lake: R2Bucket; queue: Queue }): void {
  const prototype = Object.getPrototypeOf(db);
  if (limited.has(prototype)) return;
  limited.add(prototype);
  limitD1(db);
  limitQueue(queue);
  countObjects(lake);
  makeInvocations(Folder, "alarm");
}

/** Returns the largest row of each table of a database in bytes, tables of SQLite and of migrations left out. */
export async function largestRows(db: D1Database): Promise<Map<string, number>> {
  const { results } = await db
    .prepare(
      `SELECT t.name AS tbl, group_concat('coalesce(length(CAST("' || c.name || '" AS BLOB)), 0)', ' + ') AS size
       FROM sqlite_master t JOIN pragma_table_info(t.name) c
       WHERE t.type = 'table' AND t.name NOT GLOB '_cf_*' AND t.name NOT GLOB 'sqlite_*' AND t.name NOT GLOB 'd1_*'
       GROUP BY t.name`,
    )
    .all<{ tbl: string; size: string }>();
  if (!results.length) return new Map();
  const sizes = await db.batch<{ size: number | null }>(
    results.map(({ tbl, size }) => db.prepare(`SELECT max(${size}) AS size FROM "${tbl}"`)),
  );
  return new Map(results.map(({ tbl }, i) => [tbl, sizes[i]?.results[0]?.size ?? 0]));
}

function limitD1(db: D1Database): void {
  const database = Object.getPrototypeOf(db) as D1Database;
  const prepared = Object.getPrototypeOf(db.prepare("SELECT 1")) as D1PreparedStatement;

  const { prepare, batch } = database;
  database.prepare = function (this: D1Database, sql: string) {
    const bytes = byteLength(sql);
    if (bytes > D1_LIMITS.statementBytes)
      throw new Error(`D1_ERROR: statement too long: ${bytes} bytes: SQLITE_TOOBIG`);
    const statement = prepare.call(this, sql);
    sqlOf.set(statement, sql);
    return statement;
  };
  database.batch = async function <T>(this: D1Database, statements: D1PreparedStatement[]) {
    countQueries(statements.length);
    const results = await batch.call(this, statements);
    for (const result of results) {
      checkResult(result.results);
      countWritten(result);
    }
    return results as D1Result<T>[];
  };
  const { bind, all, run, first, raw } = prepared;
  prepared.bind = function (this: D1PreparedStatement, ...values: unknown[]) {
    const sql = sqlOf.get(this) ?? "";
    if (values.length > D1_LIMITS.parameters)
      throw new Error(`D1_ERROR: too many SQL variables: ${values.length}: ${sql.slice(0, 100)}`);
    for (const value of values) {
      const bytes =
        typeof value === "string" ? byteLength(value) : value instanceof ArrayBuffer ? value.byteLength : 0;
      if (bytes > D1_LIMITS.valueBytes)
        throw new Error(
          `D1_ERROR: string or blob too big: ${bytes} bytes: SQLITE_TOOBIG: ${sql.slice(0, 100)}`,
        );
    }
    for (const [, number] of sql.matchAll(/\b(?:LIKE|GLOB) \?(\d+)/gi)) {
      const pattern = values[Number(number) - 1];
      if (typeof pattern === "string" && byteLength(pattern) > D1_LIMITS.patternBytes)
        throw new Error(`D1_ERROR: LIKE or GLOB pattern too complex: ${sql.slice(0, 100)}`);
    }
    const bound = bind.call(this, ...values);
    sqlOf.set(bound, sql);
    return bound;
  };
  prepared.all = async function <T>(this: D1PreparedStatement) {
    countQueries(1);
    const result = await all.call(this);
    checkResult(result.results);
    countWritten(result);
    return result as D1Result<T>;
  };
  prepared.run = async function <T>(this: D1PreparedStatement) {
    countQueries(1);
    const result = await run.call(this);
    countWritten(result);
    return result as D1Result<T>;
  };
  prepared.first = function (this: D1PreparedStatement, ...args: []) {
    countQueries(1);
    return first.apply(this, args);
  } as typeof first;
  prepared.raw = function (this: D1PreparedStatement, ...args: []) {
    countQueries(1);
    return raw.apply(this, args);
  } as typeof raw;
}

function limitQueue(queue: Queue): void {
  const prototype = Object.getPrototypeOf(queue) as Queue;
  const { send, sendBatch } = prototype;
  prototype.send = function (this: Queue, body: unknown, options) {
    checkMessage(body, options?.contentType);
    return send.call(this, body, options);
  };
  prototype.sendBatch = function (this: Queue, messages, options) {
    const all = [...messages];
    const bytes = all.reduce((sum, { body, contentType }) => sum + checkMessage(body, contentType), 0);
    if (all.length > QUEUE_LIMITS.batchMessages || bytes > QUEUE_LIMITS.batchBytes)
      throw new Error(`Queue sendBatch failed: ${all.length} messages, ${bytes} bytes: Payload Too Large`);
    return sendBatch.call(this, all, options);
  };
}

const limited = new WeakSet<object>();
const sqlOf = new WeakMap<object, string>();
const encoder = new TextEncoder();

function byteLength(text: string): number {
  // Most texts are short: three bytes a character at most.
  return text.length * 3 <= 50 ? text.length : encoder.encode(text).length;
}

function checkMessage(body: unknown, type: QueueContentType = "json"): number {
  const bytes = byteLength(type === "text" ? String(body) : (JSON.stringify(body) ?? ""));
  if (bytes > QUEUE_LIMITS.messageBytes)
    throw new Error(`Queue send failed: message of ${bytes} bytes: Payload Too Large`);
  return bytes;
}

/** A lower bound of the result's size: its strings. */
function checkResult(rows: unknown): void {
  if (!Array.isArray(rows)) return;
  let bytes = 0;
  for (const row of rows)
    for (const value of Object.values(row ?? {})) if (typeof value === "string") bytes += value.length;
  if (bytes > D1_LIMITS.resultBytes) throw new Error(`D1_ERROR: result too large: ${bytes} bytes`);
}
