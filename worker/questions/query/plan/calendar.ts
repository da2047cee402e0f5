/**
 * Calendar days in queries. A calendar day is stored as UTC midnight of its date and means midnight in the zone of the query.
 * Moving the few edges of a query is equivalent to moving every row, and prunes exactly.
 * @module
 */
import { bucketStart, DAY_MS, localDate } from "../../../lib/time";

/** The first calendar day, as stored, whose midnight in the zone is not before `time`. */
function dayFrom(time: number, zone: string): number {
  const day = Date.parse(localDate(time, zone));
  return bucketStart(time, "day", zone) === time ? day : day + DAY_MS;
}

/** Bucket edges of a query as stored calendar days. */
export function toCalendar(edges: readonly number[], zone: string): number[] {
  return edges.map((edge) => dayFrom(edge, zone));
}
