/**
 * Restores dropped events: they go through the queue like any other, and leave the dataset `dropped`.
 * @module
 */
import { CONTEXT_COLUMNS, pick, STEP_COLUMNS } from "../../../schema/wire/columns";
import { MESSAGE_VERSION, type Message } from "../../../schema/wire/message";
import type { EventRow } from "../../../schema/wire/row";
import { retryWhileNull } from "../../lib/retry";
import type { Stores } from "../../lib/stores";
import { liveSegments, rewriteSegment, SegmentGoneError, type SegmentInfo } from "../lake";
import { type DroppedRequest, readDroppedOf, type StoredReason } from "./dropped";
import { hash132 } from "./hash";
import { type MessageQueue, send } from "./send";

/** Most events that one call restores: 50 calls of the queue, well within an invocation's thousand. */
export const MAX_RESTORED = 5_000;
/** Attempts when a merge removes segments: the manifest is read again each time. */
const ATTEMPTS = 3;

/** What to restore. Times are those of the events, epoch ms, half-open. */
export interface RestoreRequest {
  project: string;
  reason: StoredReason;
  from?: number;
  to?: number;
  now: number;
}

/** The result. `more`: the limit was reached; call again. `ok` false: the queue refused; call again. */
export interface Restored {
  ok: boolean;
  restored: number;
  more: boolean;
}

/**
 * Restores dropped events. Each is sent in a message of its own whose key is made of its `event_id`, so that no event
 * counts twice when a call is repeated, ranges overlap, a crash interrupts it, or segments are merged in between.
 */
export async function restore(
  { db, lake, queue }: Stores & { queue: MessageQueue },
  request: RestoreRequest,
): Promise<Restored> {
  const done: Restored = { ok: true, restored: 0, more: false };
  const finished = await retryWhileNull(ATTEMPTS, async () => {
    const segments = await liveSegments(db, "dropped", request);
    const isGone = await restoreFrom(segments, { db, lake, queue }, request, done);
    return isGone ? null : done;
  });
  return finished ?? { ...done, more: true };
}

/** Returns whether a segment was merged away, so that the manifest must be read again. */
async function restoreFrom(
  segments: readonly SegmentInfo[],
  { db, lake, queue }: Stores & { queue: MessageQueue },
  request: RestoreRequest,
  done: Restored,
): Promise<boolean> {
  for (const segment of segments) {
    // One more than the limit, to know whether there are more.
    const wanted: DroppedRequest = { ...request, limit: MAX_RESTORED - done.restored + 1 };
    const rows = await readUnlessGone(lake, segment, wanted);
    if (!rows) return true;
    const taken = rows.slice(0, wanted.limit - 1);
    if (taken.length > 0) {
      if (
        !(await send(
          queue,
          taken.map((row) => messageOf(row, request.now)),
        ))
      ) {
        done.ok = false;
        return false;
      }
      const ids = new Set(taken.map((row) => row.event_id));
      const keep = (row: EventRow) =>
        row.project_id !== request.project || row.drop_reason !== request.reason || !ids.has(row.event_id);
      if (!(await rewriteSegment(db, lake, segment, { dataset: "dropped", now: request.now, keep })))
        return true;
      done.restored += ids.size;
    }
    if (rows.length > taken.length) {
      done.more = true;
      return false;
    }
  }
  return false;
}

async function readUnlessGone(
  lake: R2Bucket,
  segment: SegmentInfo,
  request: DroppedRequest,
): Promise<EventRow[] | null> {
  try {
    return await readDroppedOf(lake, segment, request);
  } catch (error) {
    if (error instanceof SegmentGoneError) return null;
    throw error;
  }
}

/** A row as the message it came in, without its reason. Received now: it counts from now on. */
function messageOf(row: EventRow, now: number): Message {
  return {
    version: MESSAGE_VERSION,
    key: `${row.project_id}/restore-${hash132(row.event_id)}/0`,
    project_id: row.project_id,
    content: null,
    own_ids: true,
    sender: row.sender === "token" ? "token" : null,
    received_at: now,
    contexts: [{ ...pick(row, CONTEXT_COLUMNS), anonymous_id: row.visitor_id }],
    events: [{ ...pick(row, STEP_COLUMNS), context: 0, drop_reason: null }],
    refused: {},
  };
}
