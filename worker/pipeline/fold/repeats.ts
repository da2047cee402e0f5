/**
 * Events that count already: rows whose `event_id` another row of the project and day has. They are removed from the lake
 * before the fold, so that rollups, sessions and queries of the lake agree at every moment. Late events, and imported
 * ones, which count rather than those of public senders, are left to the derivation of their day (`clean-days.ts`).
 * @module
 */
import type { EventRow } from "../../../schema/wire/row";
import { logError } from "../../lib/log";
import { bucketStart } from "../../lib/time";
import type { SegmentInfo } from "../lake";
import type { FoldStores } from "./group";
import type { DayIds } from "./id-cache";
import { lateBefore } from "./plan";
import { mayRepeat } from "./portions";
import { addId, readIds } from "./read-ids";
import type { NewRows } from "./read-new";
import { removeRows } from "./remove-rows";
import { daysAround } from "./sessions";
import { type FoldState, markDirty } from "./store";

/**
 * Removes repeated events from the lake and from `parts`; segments that are replaced are replaced in `segments` too.
 * Returns the ids by project, to be cached once the rows are folded. Days that cannot be checked, because they have too
 * many events or because of an error, are marked to be derived.
 * @throws when they cannot be marked either.
 */
export async function removeRepeats(
  stores: FoldStores,
  states: readonly FoldState[],
  parts: readonly NewRows[],
  segments: Map<string, SegmentInfo>,
  now: number,
): Promise<ReadonlyMap<string, DayIds>> {
  const ids = new Map(states.map((state) => [state.project, stores.ids?.take(state) ?? new Map()]));
  const checked = daysToCheck(parts, now);
  try {
    await readIds(stores, missing(checked, ids), ids);
    const repeats = findRepeats(parts, ids);
    for (const [segment, own] of Map.groupBy(repeats, ({ part }) => part.segment))
      await remove(stores, segment, own, segments, now);
    await markDays(stores, [...daysOfImported(repeats), ...uncheckedDays(checked, ids)], now);
    for (const { part, removed, imported } of repeats)
      part.rows = part.rows.filter((row) => !removed.has(row) && !imported.has(row));
    return ids;
  } catch (error) {
    logError("Events could not be checked for repeated ids: their days are derived", error);
    await markDays(stores, daysOf(checked), now);
    return new Map();
  }
}

/** The days of events on time that may repeat others. */
type CheckedDays = Map<FoldState, Set<number>>;

function daysToCheck(parts: readonly NewRows[], now: number): CheckedDays {
  const checked: CheckedDays = new Map();
  for (const { commit, state, rows } of parts) {
    if (!mayRepeat(commit, state.project)) continue;
    const late = lateBefore(now, state.timezone);
    const days = checked.get(state) ?? new Set();
    for (const { timestamp } of rows)
      if (timestamp >= late) days.add(bucketStart(timestamp, "day", state.timezone));
    if (days.size) checked.set(state, days);
  }
  return checked;
}

/** The days whose ids are not in memory. */
function missing(checked: CheckedDays, ids: ReadonlyMap<string, DayIds>) {
  return [...checked].flatMap(([state, days]) => {
    const known = ids.get(state.project);
    const unknown = new Set([...days].filter((day) => !known?.has(day)));
    return unknown.size ? [{ state, days: unknown }] : [];
  });
}

/** Rows of a part that are repeated. */
interface Repeats {
  part: NewRows;
  /** Of public senders: they are removed from the lake. */
  removed: Set<EventRow>;
  /** Of senders with a token: the derivation of their day compares them with the others. */
  imported: Set<EventRow>;
}

/** Finds repeated rows and adds the ids of the others: the first one in the order of the commits counts. */
function findRepeats(parts: readonly NewRows[], ids: ReadonlyMap<string, DayIds>): Repeats[] {
  return parts.flatMap((part) => {
    const known = ids.get(part.state.project);
    if (!known?.size) return [];
    const repeats: Repeats = { part, removed: new Set(), imported: new Set() };
    for (const row of part.rows) {
      const day = bucketStart(row.timestamp, "day", part.state.timezone);
      if (addId(known, day, row.event_id)) continue;
      repeats[row.sender === null ? "removed" : "imported"].add(row);
    }
    return repeats.removed.size || repeats.imported.size ? [repeats] : [];
  });
}

async function remove(
  stores: FoldStores,
  segment: SegmentInfo,
  repeats: readonly Repeats[],
  segments: Map<string, SegmentInfo>,
  now: number,
): Promise<void> {
  const positions = repeats.flatMap(({ part, removed }) =>
    part.rows.flatMap((row, index) => (removed.has(row) ? [part.first + index] : [])),
  );
  if (!positions.length) return;
  const rewritten = await removeRows(stores, segment, new Set(positions), now);
  if (!rewritten) throw new Error(`fold: segment ${segment.id} was replaced meanwhile`);
  for (const { part } of repeats) part.commit.segment = rewritten.segment?.id ?? null;
  if (rewritten.segment) segments.set(rewritten.segment.id, rewritten.segment);
}

/** A day of a project: its start, epoch ms. */
type ProjectDay = [project: string, day: number];

const daysOf = (checked: CheckedDays): ProjectDay[] =>
  [...checked].flatMap(([{ project }, days]) => [...days].map((day): ProjectDay => [project, day]));

/** The days with more events than can be compared at once. */
const uncheckedDays = (checked: CheckedDays, ids: ReadonlyMap<string, DayIds>) =>
  daysOf(checked).filter(([project, day]) => ids.get(project)?.get(day) === null);

/** The days whose numbers may change when an imported event takes the place of another one. */
function daysOfImported(repeats: readonly Repeats[]): ProjectDay[] {
  return repeats.flatMap(({ part: { state }, imported }) => {
    const days = new Set([...imported].flatMap((row) => daysAround(row.timestamp, state.timezone)));
    return [...days].map((day): ProjectDay => [state.project, day]);
  });
}

async function markDays({ db }: FoldStores, days: readonly ProjectDay[], now: number): Promise<void> {
  if (days.length) await db.batch(markDirty(db, days, now));
}
