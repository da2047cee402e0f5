/**
 * Maintenance of commits.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { outlivedTables } from "./applied";
import { deleteApplied } from "./dead-letters";

/** Drops the tables of keys that can no longer be redelivered, and the dead letters that they show to be applied. */
export async function dropApplied(stores: Stores, now: number): Promise<string[]> {
  const tables = await outlivedTables(stores.db, now);
  for (const table of tables) {
    await deleteApplied(stores, table);
    await stores.db.prepare(`DROP TABLE ${table}`).run();
  }
  return tables;
}
