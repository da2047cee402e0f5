/**
 * Reads a slice of days.
 * @module
 */

import { MAX_PARAMETER_BYTES } from "../../lib/json-params";
import { changedDays, type DayPage } from "../records";
import { type Slice, SourceError } from "../vendor/driver";
import { addDays, claimOf, cover, daysIn } from "./coverage";
import { validateRecord } from "./keyed";
import { commitState, commitTo, type Reader, readMessages, splitForCommit, writeTarget } from "./reader";
import { dailyState, daysOf, maxSliceDays, type Unit } from "./units";

/** Maximum number of records of a slice of several days, and of one day. */
const SLICE_RECORDS = 20_000;
const DAY_RECORDS = 200_000;

/** Reads a slice and replaces the days that differ, newest first; each commit sets the coverage of its days. */
export async function readDays(reader: Reader, unit: Unit, slice: Slice): Promise<void> {
  const began = reader.now();
  const pages = await listDays(reader, unit, slice);
  const { since, restateDays } = daysOf(unit, reader.run, began);
  for (const group of splitForCommit(pages, bytesOf)) {
    const days = await changedDays(reader.stores.db, writeTarget(unit), group);
    const [to = "", from = ""] = [group[0]?.day, group.at(-1)?.day];
    const state = dailyState(unit);
    const covered = cover(state.covered, { from, to, read_at: began }, restateDays);
    const isLast = from === slice.from;
    // Slices grow by one day, so that a size the vendor could not handle is not requested again at once.
    const slice_days = isLast
      ? Math.min(maxSliceDays(unit), Math.max(state.slice_days, daysIn(slice) + 1))
      : state.slice_days;
    const completeUntil = claimOf(covered, since, restateDays);
    await commitTo(reader, unit, { days, state: { since, covered, slice_days }, completeUntil });
  }
}

/** Halves the next slices of a unit. */
export async function halveSlices(reader: Reader, unit: Unit, slice: Slice): Promise<void> {
  const slice_days = Math.ceil(daysIn(slice) / 2);
  await commitState(reader, unit, { state: { ...dailyState(unit), slice_days } });
}

const bytesOf = ({ parts }: DayPage) => parts.reduce((sum, { body }) => sum + body.length, 100);

/** Groups the days of a slice for commits, newest first. */
async function listDays(reader: Reader, unit: Unit, slice: Slice): Promise<DayPage[]> {
  const { stream } = unit;
  const days = new Map<string, Map<string, string>>();
  for (let day = slice.to; day >= slice.from; day = addDays(day, -1)) days.set(day, new Map());
  const most = days.size > 1 ? SLICE_RECORDS : DAY_RECORDS;
  let count = 0;
  for await (const message of readMessages(reader, unit, slice)) {
    if (message.type !== "record") continue;
    const { key, body, record } = validateRecord(stream, message.record);
    const own = days.get(String(record[stream.day ?? "day"]));
    if (!own)
      throw new SourceError("schema", `${stream.name}: a record of a day outside the requested slice`);
    if (own.has(key))
      throw new SourceError("unavailable", `${stream.name}: two records with the same key on a day`);
    if (++count > most) throw new SourceError("too_much", `${stream.name}: over ${most} records`);
    own.set(key, body);
  }
  return [...days].map(([day, own]) => ({ day, parts: partsOf(own) }));
}

/** A day's records by key, in parts that fit a statement's parameter. */
function partsOf(records: Map<string, string>): DayPage["parts"] {
  const parts: { bodies: string[]; bytes: number }[] = [];
  for (const [, body] of [...records].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const last = parts.at(-1);
    if (last && last.bytes + body.length < MAX_PARAMETER_BYTES / 2) {
      last.bodies.push(body);
      last.bytes += body.length;
    } else parts.push({ bodies: [body], bytes: body.length });
  }
  return parts.map(({ bodies }) => ({ body: `[${bodies.join(",")}]`, rows: bodies.length }));
}
