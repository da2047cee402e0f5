/**
 * Counting calls against a documented limit so that no window of its length ever holds more than it allows, whenever the
 * window begins. A token bucket would let twice as many through: a full bucket and what flows in meanwhile.
 * @module
 */
import type { Limit } from "./driver";

/** Parts of a window to which the end of a call's count is rounded up: bounds what is kept. */
const PARTS = 20;

/** Calls that count until a time: `[epoch ms, calls]`, ascending. */
export type Spent = [number, number][];

/** What counts at `now`; drops what no longer does. */
export function countOf(spent: Spent, now: number): number {
  while (spent[0] && spent[0][0] <= now) spent.shift();
  return spent.reduce((sum, [, calls]) => sum + calls, 0);
}

/** Counts calls that are made at any time until `until`: they weigh one window longer than that. */
export function spend(spent: Spent, limit: Limit, calls: number, until: number): void {
  const part = Math.max(1, limit.perMs / PARTS);
  const end = Math.ceil(Math.ceil((until + limit.perMs) / part) * part);
  const at = spent.findIndex(([time]) => time >= end);
  const entry = at < 0 ? undefined : spent[at];
  if (entry?.[0] === end) entry[1] += calls;
  else spent.splice(at < 0 ? spent.length : at, 0, [end, calls]);
}

/** When `calls` more fit under the limit: `now` when they do at once. More than the limit fits once nothing counts. */
export function fitsAt(spent: Spent, limit: Limit, calls: number, now: number): number {
  let counted = countOf(spent, now);
  const most = Math.max(0, limit.calls - calls);
  if (counted <= most) return now;
  for (const [time, freed] of spent) {
    counted -= freed;
    if (counted <= most) return time;
  }
  return spent.at(-1)?.[0] ?? now;
}
