/**
 * Batches of a project's rows: of segments, prefetching a few, and of open sessions.
 * @module
 */

import {
  type ColumnBatch,
  type ColumnData,
  type readCached,
  readColumns,
  type SegmentInfo,
} from "../../../../pipeline/lake";
import { isBounce, type Session, type Validity } from "../../../../pipeline/rollup";
import type { Read } from "../../plan/lake-plan";
import type { Batch, BatchView } from "./view";

/** Segments prefetched at the same time. Each may use up to six connections itself. */
const AHEAD = 3;

/** Cost of a scan. */
export interface ReadCost {
  rows: number;
  bytes: number;
}

/**
 * The row groups of segments in order, only the project's rows in the read's range. `read`: from the lake or from
 * memory.
 */
export async function* batchesOf(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  project: string,
  { columns, from, to }: Read,
  cost: ReadCost,
  read: typeof readCached = readColumns,
): AsyncGenerator<ColumnBatch> {
  const open = (segment: SegmentInfo) => {
    const batches = read(lake, segment, { columns, project, from, to });
    const first = batches.next();
    // A failure is handled where it is awaited; until then it must not count as unhandled.
    first.catch(() => undefined);
    return { batches, first };
  };
  const queue = segments.slice(0, AHEAD).map(open);
  for (let next = queue.length; queue.length; next++) {
    const { batches, first } = queue.shift()!;
    for (let step = await first; !step.done; step = await batches.next()) {
      cost.rows += step.value.length;
      cost.bytes += step.value.bytesRead;
      yield step.value;
    }
    const following = segments[next];
    if (following) queue.push(open(following));
  }
}

/** Marks the valid rows of sealed sessions. */
export function aliveRows(view: BatchView, isValid: Validity): Uint8Array {
  const epochs = view.numbers("epoch");
  const generations = view.numbers("generation");
  const alive = new Uint8Array(view.length);
  for (let row = 0; row < alive.length; row++)
    alive[row] = isValid(view.times[row]!, epochs[row]!, generations[row]!) ? 1 : 0;
  return alive;
}

/** Open sessions as a batch with the columns of sealed ones, in order of their start. */
export function openBatch(sessions: readonly Session[], columns: Read["columns"]): Batch {
  const rows = sessions.toSorted((a, b) => a.started_at - b.started_at);
  const filled = columns.map((name): [string, ColumnData] => [name, columnOf(rows, name)]);
  return { length: rows.length, columns: Object.fromEntries(filled), alive: null };
}

function columnOf(rows: readonly Session[], name: string): ColumnData {
  const values = rows.map((session) => fieldOf(session, name));
  if (values.some((value) => typeof value === "string") || !NUMBERS.has(name)) {
    return { kind: "text", values: values.map((value) => (typeof value === "string" ? value : null)) };
  }
  return { kind: "number", values: Float64Array.from(values, Number) };
}

const NUMBERS = new Set([
  "started_at",
  "ended_at",
  "generation",
  "epoch",
  "events",
  "pageviews",
  "engaged_ms",
  "bounce",
]);

/** A column of the session as its sealed row would have it. */
function fieldOf(session: Session, name: string): string | number | null {
  switch (name) {
    case "session_key":
      return session.key;
    case "bounce":
      return isBounce(session) ? 1 : 0;
    case "generation":
    case "epoch":
      return 0;
    case "started_at":
    case "ended_at":
    case "visitor_id":
    case "distinct_id":
    case "hostname":
    case "events":
    case "pageviews":
    case "engaged_ms":
    case "entry_path":
    case "exit_path":
      return session[name];
    default:
      return Object.entries(session.fields).find(([field]) => field === name)?.[1] ?? null;
  }
}
