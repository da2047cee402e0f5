/**
 * Guarded batches. A batch of D1 is one transaction but cannot read in between; a guard, its first statement, aborts it
 * when the state that the other statements rely on has changed.
 * @module
 */

/** Returns the SQL of a guard: it fails unless `condition` is true. `json('')` is malformed JSON, an error in SQLite. */
export const guardSql = (condition: string): string =>
  `SELECT CASE WHEN ${condition} THEN 1 ELSE json('') END`;

/** Returns the statement that aborts its batch, with nothing written, unless `condition` is true. */
export function guardStatement(
  db: D1Database,
  condition: string,
  ...parameters: (string | number | null)[]
): D1PreparedStatement {
  return db.prepare(guardSql(condition)).bind(...parameters);
}

/** Whether a batch failed because its guard did. */
export function isGuardFailure(error: unknown): boolean {
  return error instanceof Error && error.message.includes("malformed JSON");
}

/** Runs a batch that begins with a guard. Returns false, with nothing written, when the guard failed. */
export async function runGuardedBatch(db: D1Database, statements: D1PreparedStatement[]): Promise<boolean> {
  try {
    await db.batch(statements);
    return true;
  } catch (error) {
    if (isGuardFailure(error)) return false;
    throw error;
  }
}
