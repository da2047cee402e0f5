/**
 * D1 and R2 for tests that run thousands of schedules in Node: the same SQL on the same engine, in the same process.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

const MIGRATIONS = path.join(import.meta.dirname, "../../schema/migrations");

interface Bound {
  statement: StatementSync;
  values: SQLInputValue[];
}

/** A shard's database in memory, migrated. */
export function shardInMemory(): D1Database {
  const database = new DatabaseSync(":memory:");
  const folder = path.join(MIGRATIONS, "shard");
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .sort())
    database.exec(readFileSync(path.join(folder, file), "utf8").replaceAll("--> statement-breakpoint", ""));
  const known = new Map<string, StatementSync>();
  const prepared = (sql: string) => {
    const statement = known.get(sql) ?? database.prepare(sql);
    known.set(sql, statement);
    return statement;
  };
  const bounds = new WeakMap<object, Bound>();
  const run = ({ statement, values }: Bound) => {
    const before = changesOf(database);
    const results = statement.all(...values);
    return { success: true, results, meta: { changes: changesOf(database) - before } };
  };
  const statementOf = (bound: Bound): object => {
    const own = {
      bind: (...values: SQLInputValue[]) => statementOf({ ...bound, values }),
      all: async () => run(bound),
      run: async () => run(bound),
      first: async () => run(bound).results[0] ?? null,
    };
    bounds.set(own, bound);
    return own;
  };
  const batch = async (statements: object[]) => {
    database.exec("BEGIN");
    try {
      const results = statements.map((own) => run(bounds.get(own) ?? unknownStatement()));
      database.exec("COMMIT");
      return results;
    } catch (error) {
      database.exec("ROLLBACK");
      throw error;
    }
  };
  const d1 = { prepare: (sql: string) => statementOf({ statement: prepared(sql), values: [] }), batch };
  return d1 as unknown as D1Database;
}

function changesOf(database: DatabaseSync): number {
  return Number(database.prepare("SELECT total_changes() AS n").get()?.n);
}

function unknownStatement(): never {
  throw new Error("a statement of another database");
}

/** A bucket that accepts objects and stores nothing. */
export function bucketInMemory(): R2Bucket {
  return { put: async () => null } as unknown as R2Bucket;
}
