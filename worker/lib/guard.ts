/**
 * Guarded batches. A batch of D1 is one transaction but cannot read in between; a guard, its first statement, aborts it
 * when the state that the other statements rely on has changed.
 * @module
 */
import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { DrizzleD1Database } from "drizzle-orm/d1";

/** Statements of one batch of drizzle, at least one. */
export type Batch = readonly [BatchItem<"sqlite">, ...BatchItem<"sqlite">[]];

/**
 * Returns the statement that aborts its batch, with nothing written, unless `condition` is true. `json('')` is malformed
 * JSON, an error in SQLite.
 */
export const guard = (db: DrizzleD1Database, condition: SQL) =>
  db.select({ ok: sql`CASE WHEN ${condition} THEN 1 ELSE json('') END` }).from(sql`(SELECT 1)`);

/** `guard` for statements that are not built with drizzle. */
export function guardStatement(
  db: D1Database,
  condition: string,
  ...parameters: (string | number | null)[]
): D1PreparedStatement {
  return db.prepare(`SELECT CASE WHEN ${condition} THEN 1 ELSE json('') END`).bind(...parameters);
}

/** Whether a batch failed because its guard did. */
export function isGuardFailure(error: unknown): boolean {
  return error instanceof Error && error.message.includes("malformed JSON");
}

/** Runs a batch that begins with a guard. Returns false, with nothing written, when the guard failed. */
export function runGuardedBatch(db: DrizzleD1Database, statements: Batch): Promise<boolean>;
export function runGuardedBatch(db: D1Database, statements: D1PreparedStatement[]): Promise<boolean>;
export async function runGuardedBatch(
  db: { batch: (statements: never) => Promise<unknown> },
  statements: unknown,
): Promise<boolean> {
  try {
    await db.batch(statements as never);
    return true;
  } catch (error) {
    if (isGuardFailure(error)) return false;
    throw error;
  }
}
