/**
 * Calendar days among moments. A calendar day is stored as UTC midnight of its date and stands for the midnight of the zone that
 * is asked in. Moving the few edges of a question is the same as moving every row, and prunes exactly.
 * @module
 */
import { bucketStart, DAY_MS, localDate } from "../../../lib/time";
import type { Subquery } from "./subquery";

/** The first calendar day whose midnight in the zone is not before `time`, as it is stored. */
function dayFrom(time: number, zone: string): number {
  const day = Date.parse(localDate(time, zone));
  return bucketStart(time, "day", zone) === time ? day : day + DAY_MS;
}

/** The same question put to stored calendar days. */
export function toCalendar(ask: Subquery, edges: readonly number[]): { ask: Subquery; edges: number[] } {
  const moved = edges.map((edge) => dayFrom(edge, ask.zone));
  return { ask: { ...ask, from: moved[0]!, to: moved.at(-1)! }, edges: moved };
}
