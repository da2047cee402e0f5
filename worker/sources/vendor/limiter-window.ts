/**
 * Counts calls against a documented limit, so that no window of its length, wherever it starts, contains more calls than
 * allowed. A token bucket would allow twice as many: a full bucket and its refill.
 */
import type { Limit } from "./driver";

/** Number of parts of a window to which expiry times are rounded up, which limits the size of the state. */
const PARTS = 20;

/** Calls that count until a time: `[epoch ms, calls]`, ascending. */
export type Spent = [number, number][];

/** Number of calls that count at `now`; drops expired ones. */
export function countOf(spent: Spent, now: number): number {
  while (spent[0] && spent[0][0] <= now) spent.shift();
  return spent.reduce((sum, [, calls]) => sum + calls, 0);
}

/** Adds calls that are made at any time until `until`: they count for one window after that. */
export function spend(spent: Spent, limit: Limit, calls: number, until: number): void {
  const part = Math.max(1, limit.perMs / PARTS);
  const end = Math.ceil(Math.ceil((until + limit.perMs) / part) * part);
  const at = spent.findIndex(([time]) => time >= end);
  const entry = at < 0 ? undefined : spent[at];
  if (entry?.[0] === end) entry[1] += calls;
  else spent.splice(at < 0 ? spent.length : at, 0, [end, calls]);
}

/** When `calls` more are within the limit: `now` if they are at once. More than the limit is allowed when nothing counts. */
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
