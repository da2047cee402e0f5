/**
 * Removes events with a repeated `event_id` from days that are derived: late ones, and those that the fold could not
 * check. Of the copies of senders with a token, else of all, the one that was received first remains: a public sender must
 * not make an imported event vanish.
 * @module
 */
import { rowsKey } from "../../../schema/tables/generation";
import type { Stores } from "../../lib/stores";
import { TextSet } from "../../lib/text-set";
import { bucketStart, nextBucket, type TimeRange } from "../../lib/time";
import { liveSegments, readColumns, type SegmentInfo } from "../lake";
import type { DayIds } from "./id-cache";
import { addId, idsIn, isFolded } from "./read-ids";
import { estimateRows } from "./read-ordered";
import { removeRows } from "./remove-rows";
import { daysAround } from "./sessions";
import { type FoldState, foldStates, generationsOf, markDirty } from "./store";

/** Ids compared at once: two sets of them fit into memory. */
const IDS_AT_ONCE = 1_500_000;
/** Repeated ids removed at once. */
const MAX_REPEATED = 50_000;
/** Rounds of one call: each removes repeated events or finds a segment replaced. */
const MAX_ROUNDS = 200;

/** Repeated ids by day. */
type Repeated = Map<number, Set<string>>;

/**
 * Leaves one event of each id and day in the days of a range and in the days next to it, whose sessions may reach into
 * the range. The days of removed events are marked in the other generation, where an event of another day may have
 * the same id.
 * @throws when it does not come to an end: other writers replace the segments.
 */
export async function cleanDays(
  stores: Stores,
  state: FoldState,
  range: TimeRange,
  now: number,
): Promise<void> {
  const { project, timezone } = state;
  const around = {
    from: bucketStart(range.from - 1, "day", timezone),
    to: nextBucket(range.to, "day", timezone),
  };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const live = await liveSegments(stores.db, "events", { project, ...around });
    const segments = live.filter((segment) => isFolded(segment, state));
    const repeated = await findRepeated(stores.lake, segments, state, around);
    if (!repeated.size) return;
    const copies = await laterCopies(stores.lake, segments, state, repeated);
    const others = await otherGenerations(stores.db, state);
    for (const [segment, removed] of copies) {
      const marks = others.flatMap((other) => {
        const days = new Set([...removed.values()].flatMap((time) => daysAround(time, other.timezone)));
        return [...days].map((day): [string, number] => [rowsKey(other), day]);
      });
      await removeRows(stores, segment, removed, now, markDirty(stores.db, marks, now));
    }
  }
  throw new Error(`derive: repeated events of ${project} could not be removed`);
}

/** The generations of the project besides that of `state`. */
async function otherGenerations(db: D1Database, state: FoldState): Promise<FoldState[]> {
  if (state.next_timezone === null) return [];
  const current = (await foldStates(db, [state.project])).get(state.project);
  const all = current ? generationsOf(current) : [];
  return all.filter(({ generation }) => generation !== state.generation);
}

/** Ids that occur more than once in a day, some of them when there are very many. */
async function findRepeated(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  state: FoldState,
  range: TimeRange,
): Promise<Repeated> {
  const parts = Math.max(1, Math.ceil(estimateRows(segments, state.project, range) / IDS_AT_ONCE));
  const repeated: Repeated = new Map();
  for (let part = 0; part < parts && !repeated.size; part++) {
    const known: DayIds = new Map();
    for await (const { day, id } of eachId(lake, segments, state, range)) {
      if (parts > 1 && partOf(id, parts) !== part) continue;
      if (!known.has(day)) known.set(day, new TextSet());
      if (addId(known, day, id)) continue;
      const ids = repeated.get(day) ?? new Set();
      repeated.set(day, ids.add(id));
      if (ids.size >= MAX_REPEATED) return repeated;
    }
  }
  return repeated;
}

async function* eachId(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  { project, timezone }: FoldState,
  range: TimeRange,
): AsyncIterable<{ day: number; id: string }> {
  for (const segment of segments) {
    const request = { project, ...range, columns: ["event_id", "timestamp"] };
    for await (const batch of readColumns(lake, segment, request)) {
      const { ids, times } = idsIn(batch);
      for (let row = 0; row < batch.length; row++)
        yield { day: bucketStart(times[row]!, "day", timezone), id: ids[row] ?? "" };
    }
  }
}

/** Which of `parts` parts an id is in. */
function partOf(id: string, parts: number): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % parts;
}

/** One of several events with the same id. */
interface Copy {
  segment: SegmentInfo;
  position: number;
  time: number;
  receivedAt: number;
  hasToken: boolean;
}

/** Positions and times of events in a segment. */
type Places = Map<number, number>;

/** Places of all copies but the one that counts, by segment. */
async function laterCopies(
  lake: R2Bucket,
  segments: readonly SegmentInfo[],
  { project, timezone }: FoldState,
  repeated: Repeated,
): Promise<Map<SegmentInfo, Places>> {
  const first = new Map<string, Copy>();
  const later = new Map<SegmentInfo, Places>();
  for (const segment of segments) {
    let position = segment.projects[project]?.[0] ?? 0;
    const request = { project, columns: ["event_id", "timestamp", "received_at", "sender"] };
    for await (const batch of readColumns(lake, segment, request)) {
      const { ids, times } = idsIn(batch);
      const { received_at: received, sender: senders } = batch.columns;
      for (let row = 0; row < batch.length; row++, position++) {
        const time = times[row]!;
        const day = bucketStart(time, "day", timezone);
        if (!repeated.get(day)?.has(ids[row] ?? "")) continue;
        const receivedAt = received?.kind === "number" ? received.values[row]! : 0;
        const hasToken =
          senders?.kind === "dictionary" && senders.dictionary[senders.codes[row]!] === "token";
        addCopy(first, later, `${day} ${ids[row]}`, { segment, position, time, receivedAt, hasToken });
      }
    }
  }
  return later;
}

function addCopy(first: Map<string, Copy>, later: Map<SegmentInfo, Places>, key: string, copy: Copy): void {
  const known = first.get(key);
  const isFirst = !known || precedes(copy, known);
  if (isFirst) first.set(key, copy);
  const loser = isFirst ? known : copy;
  if (!loser) return;
  const places = later.get(loser.segment) ?? new Map();
  later.set(loser.segment, places.set(loser.position, loser.time));
}

function precedes(a: Copy, b: Copy): boolean {
  return a.hasToken === b.hasToken ? a.receivedAt < b.receivedAt : a.hasToken;
}
