/**
 * Which messages have been applied: one table a day, dropped when no redelivery can come any more. Dropping a
 * table writes no rows; deleting its rows would write, and bill, one each (D1 › Platform › Pricing).
 * @module
 */
import { DAY_MS } from "../../lib/time";
import { appliedTablesBefore, dropTable } from "./upkeep-store";

/** Days a queue keeps a message that is not acknowledged (Queues › Configuration: 4 days unless set). */
const RETENTION_DAYS = 4;
/** A message can wait in the queue, then as long in the dead-letter queue, and a sender may repeat a request for a day. */
export const APPLIED_KEPT_MS = (2 * RETENTION_DAYS + 2) * DAY_MS;

/** The table of keys that are committed at `time`. */
export function appliedTable(time: number): string {
  return `applied_${new Date(time).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

/** Drops the tables that nothing can ask for any more; dead letters whose key one of them holds are done with. */
export async function dropApplied(db: D1Database, now: number): Promise<string[]> {
  const names = await appliedTablesBefore(db, appliedTable(now - APPLIED_KEPT_MS));
  for (const name of names) await dropTable(db, name);
  return names;
}
