/**
 * Counts of events excluded from the statistics.
 * @module
 */
import { and, asc, eq, gte } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { drops } from "../../../schema/tables/shard";

/** One count. `day` is the start of the UTC day on which the events were folded, epoch ms. */
export type DropCount = Pick<typeof drops.$inferSelect, "reason" | "day" | "count">;

/** A project's counts since a day, oldest first. */
export function readDropCounts(db: D1Database, project: string, since: number): Promise<DropCount[]> {
  return drizzle(db)
    .select({ reason: drops.reason, day: drops.day, count: drops.count })
    .from(drops)
    .where(and(eq(drops.project, project), gte(drops.day, since)))
    .orderBy(asc(drops.day), asc(drops.reason));
}
