/**
 * Events excluded from the statistics: rows of the dataset `dropped`.
 * @module
 */

import type { DropReason, EventRow } from "../../../schema/wire/row";
import type { Stores } from "../../lib/stores";
import { DROPS_RETENTION_MS } from "../commits";
import {
  type Cell,
  type ColumnBatch,
  cellOf,
  DATASETS,
  liveSegments,
  readColumns,
  retryAfterMerge,
  type SegmentInfo,
} from "../lake";

/** Reasons whose events are stored; events of the others are only counted. */
export const STORED_REASONS = ["bot", "webdriver", "data_center", "spam_referrer", "local"] as const;
export type StoredReason = (typeof STORED_REASONS)[number];

/** Counts the rows that can still be restored, by reason. Reads two columns. */
export function countStored(stores: Stores, project: string, now: number): Promise<Map<string, number>> {
  return retryAfterMerge(async () => {
    const counts = new Map<string, number>();
    await eachBatch(stores, { project, columns: ["drop_reason", "received_at"] }, (batch) => {
      for (let index = 0; index < batch.length; index++) {
        if (Number(cellIn(batch, "received_at", index)) < now - DROPS_RETENTION_MS) continue;
        const reason = String(cellIn(batch, "drop_reason", index));
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
      }
    });
    return counts;
  });
}

/** Which rows to read. Times are those of the events, epoch ms, half-open. */
export interface DroppedRequest {
  project: string;
  reason?: DropReason;
  from?: number;
  to?: number;
  /** Only rows after this one, newest first. */
  after?: Position;
  limit: number;
  now: number;
}

/** A position in the list of dropped events, which is ordered by both, newest first. */
export type Position = Pick<EventRow, "timestamp" | "event_id">;

/** The newest dropped events, at most `limit`. */
export function readDropped(stores: Stores, request: DroppedRequest): Promise<EventRow[]> {
  const { project, from, after, limit } = request;
  const to = after ? Math.min(after.timestamp + 1, request.to ?? Number.MAX_SAFE_INTEGER) : request.to;
  return retryAfterMerge(async () => {
    let newest: EventRow[] = [];
    await eachBatch(stores, { project, from, to, columns: ALL }, (batch) => {
      for (let index = 0; index < batch.length; index++) {
        if (isWanted(batch, index, request)) newest.push(rowOf(batch, index));
        if (newest.length > 4 * limit) newest = newest.sort(newestFirst).slice(0, limit);
      }
    });
    return newest.sort(newestFirst).slice(0, limit);
  });
}

/** Dropped events of one segment that match, oldest first, at most `limit`. */
export async function readDroppedOf(
  lake: R2Bucket,
  segment: SegmentInfo,
  request: DroppedRequest,
): Promise<EventRow[]> {
  const { project, from, to } = request;
  const rows: EventRow[] = [];
  for await (const batch of readColumns(lake, segment, { project, from, to, columns: ALL })) {
    for (let index = 0; index < batch.length; index++) {
      if (rows.length === request.limit) return rows;
      if (isWanted(batch, index, request)) rows.push(rowOf(batch, index));
    }
  }
  return rows;
}

const ALL = Object.keys(DATASETS.dropped.columns);

function isWanted(batch: ColumnBatch, index: number, { reason, after, now }: DroppedRequest): boolean {
  if (reason !== undefined && cellIn(batch, "drop_reason", index) !== reason) return false;
  if (Number(cellIn(batch, "received_at", index)) < now - DROPS_RETENTION_MS) return false;
  if (!after) return true;
  const timestamp = Number(cellIn(batch, "timestamp", index));
  return newestFirst({ timestamp, event_id: String(cellIn(batch, "event_id", index)) }, after) > 0;
}

function newestFirst(a: Position, b: Position): number {
  if (a.timestamp !== b.timestamp) return b.timestamp - a.timestamp;
  return a.event_id < b.event_id ? 1 : a.event_id > b.event_id ? -1 : 0;
}

interface BatchRequest {
  project: string;
  from?: number;
  to?: number;
  columns: readonly string[];
}

/** Reads every live segment that may have matching rows. */
async function eachBatch(
  { db, lake }: Stores,
  request: BatchRequest,
  take: (batch: ColumnBatch) => void,
): Promise<void> {
  const { project, from, to } = request;
  for (const segment of await liveSegments(db, "dropped", { project, from, to })) {
    for await (const batch of readColumns(lake, segment, request)) take(batch);
  }
}

function rowOf(batch: ColumnBatch, index: number): EventRow {
  const cells = Object.fromEntries(ALL.map((name) => [name, cellIn(batch, name, index)]));
  // The columns of `dropped` are those of EventRow (enforced in worker/pipeline/lake/columns.ts).
  return cells as EventRow;
}

function cellIn(batch: ColumnBatch, name: string, index: number): Cell {
  const spec = DATASETS.dropped.columns[name];
  const data = batch.columns[name];
  return spec && data ? cellOf(data, spec, index) : null;
}
