/**
 * Reads ids of events from the lake.
 * @module
 */
import type { Stores } from "../../lib/stores";
import { TextSet } from "../../lib/text-set";
import { bucketStart, nextBucket } from "../../lib/time";
import { type ColumnBatch, liveSegments, readColumns, type SegmentInfo } from "../lake";
import type { DayIds } from "./id-cache";
import type { FoldState } from "./store";

/** As many as a Worker may have connections (Workers › Platform › Limits). */
const SEGMENTS_AT_ONCE = 6;

/** Days (their starts, epoch ms) of a project whose ids are needed. */
export interface WantedDays {
  state: FoldState;
  days: ReadonlySet<number>;
}

/** Whether the project has folded all its rows in the segment: only what every project has folded is merged. */
export const isFolded = ({ level, seq }: SegmentInfo, state: FoldState) => level > 0 || seq <= state.seq;

/** The texts and numbers of a batch: events' ids, times and projects. */
export function idsIn({ columns }: ColumnBatch): { ids: (string | null)[]; times: Float64Array } {
  const { event_id, timestamp } = columns;
  if (event_id?.kind !== "text" || timestamp?.kind !== "number") throw new Error("fold: events have no ids");
  return { ids: event_id.values, times: timestamp.values };
}

/**
 * Adds the ids of the events that the projects have folded on the wanted days to `found`; null for a day with too many.
 * Each segment is read once for all projects.
 */
export async function readIds(
  { db, lake }: Stores,
  wanted: readonly WantedDays[],
  found: ReadonlyMap<string, DayIds>,
): Promise<void> {
  const [only] = wanted;
  if (!only) return;
  const days = wanted.flatMap((w) =>
    [...w.days].map((day) => [day, nextBucket(day, "day", w.state.timezone)]),
  );
  const range = {
    from: Math.min(...days.map(([from]) => from!)),
    to: Math.max(...days.map(([, to]) => to!)),
  };
  const project = wanted.length === 1 ? only.state.project : undefined;
  const segments = await liveSegments(db, "events", { ...range, ...(project && { project }) });
  for (const { state, days } of wanted) {
    const rows = segments.reduce((sum, segment) => sum + (segment.projects[state.project]?.[1] ?? 0), 0);
    // A merged segment may span many days: memory for all its rows is reserved only when they are few.
    for (const day of days) found.get(state.project)?.set(day, new TextSet(Math.min(rows, 100_000)));
  }
  for (let at = 0; at < segments.length; at += SEGMENTS_AT_ONCE) {
    const reads = segments.slice(at, at + SEGMENTS_AT_ONCE).map((segment) => {
      const own = wanted.filter(({ state }) => segment.projects[state.project] && isFolded(segment, state));
      return own.length ? readSegment(lake, segment, own, range, found) : null;
    });
    await Promise.all(reads);
  }
}

async function readSegment(
  lake: R2Bucket,
  segment: SegmentInfo,
  wanted: readonly WantedDays[],
  range: { from: number; to: number },
  found: ReadonlyMap<string, DayIds>,
): Promise<void> {
  const states = new Map(wanted.map(({ state }) => [state.project, state]));
  const request = {
    ...range,
    projects: [...states.keys()],
    columns: ["event_id", "timestamp", "project_id"],
  };
  for await (const batch of readColumns(lake, segment, request)) {
    const { ids, times } = idsIn(batch);
    const names = batch.columns.project_id;
    if (names?.kind !== "dictionary") throw new Error("fold: events have no project");
    for (let row = 0; row < batch.length; row++) {
      const state = states.get(names.dictionary[names.codes[row]!] ?? "");
      const known = state && found.get(state.project);
      if (known) addId(known, bucketStart(times[row]!, "day", state.timezone), ids[row] ?? "");
    }
  }
}

/** Adds an id to a day that is checked. Returns false when it has it already. */
export function addId(known: DayIds, day: number, id: string): boolean {
  try {
    return known.get(day)?.add(id) ?? true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    known.set(day, null);
    return true;
  }
}
