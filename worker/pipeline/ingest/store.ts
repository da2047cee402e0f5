/**
 * Counts of events excluded from the statistics.
 * @module
 */

/** One count. `day` is the start of the UTC day on which the events were folded, epoch ms. */
export interface DropCount {
  reason: string;
  day: number;
  count: number;
}

/** A project's counts since a day, oldest first. */
export async function readDropCounts(db: D1Database, project: string, since: number): Promise<DropCount[]> {
  const { results } = await db
    .prepare("SELECT reason, day, count FROM drops WHERE project = ?1 AND day >= ?2 ORDER BY day, reason")
    .bind(project, since)
    .all<DropCount>();
  return results;
}
