/**
 * The newest events of the lake, for a room that has just woken.
 * @module
 */

import { DAY_MS } from "../../lib/time";
import { liveSegments, readRows, retryAfterMerge, type SegmentInfo } from "../lake";
import { type PushedEvent, pushedOf } from "./event";
import { RECENT } from "./feed";

/** Most segments read: a project with few events per segment has little activity to show. */
const MAX_SEGMENTS = 6;
/** Most rows of one segment; a merged one may have hundreds of thousands. */
const MAX_ROWS = 2_000;

/** Returns the newest events of the last day, and with them the visitors of the last minutes; oldest first. */
export function readRecent(
  db: D1Database,
  lake: R2Bucket,
  project: string,
  now: number,
): Promise<PushedEvent[]> {
  return retryAfterMerge(() => readNewest(db, lake, project, now));
}

async function readNewest(
  db: D1Database,
  lake: R2Bucket,
  project: string,
  now: number,
): Promise<PushedEvent[]> {
  const segments = await liveSegments(db, "events", { project, from: now - DAY_MS });
  const newest = segments.sort((a, b) => b.max_time - a.max_time).slice(0, MAX_SEGMENTS);
  const found: PushedEvent[] = [];
  for (const segment of newest) {
    const from = startIn(segment, project, now);
    found.push(...(await readRows(lake, segment, { dataset: "events", project, from })).map(pushedOf));
    if (found.length >= 4 * RECENT) break;
  }
  return found.sort((a, b) => a.event.timestamp - b.event.timestamp);
}

/** The time from which about `MAX_ROWS` rows remain, assuming that rows are spread evenly. */
function startIn(segment: SegmentInfo, project: string, now: number): number {
  const rows = segment.projects[project]?.[1] ?? 0;
  const share = Math.min(1, MAX_ROWS / Math.max(1, rows));
  return Math.max(now - DAY_MS, segment.max_time - (segment.max_time - segment.min_time) * share);
}
