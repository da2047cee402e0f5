/**
 * Maintenance of commits.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { outlivedTables } from "./applied";
import { deleteAppliedLetters, deleteAppliedObjects } from "./dead-letters";

/** Drops the tables of keys that can no longer be redelivered, and the dead letters that they show to be applied. */
export async function dropApplied(stores: Stores, now: number): Promise<string[]> {
  const tables = await outlivedTables(stores.db, now);
  for (const table of tables) {
    await deleteAppliedObjects(stores, table);
    await stores.db.batch([deleteAppliedLetters(stores.db, table), stores.db.prepare(`DROP TABLE ${table}`)]);
  }
  return tables;
}
