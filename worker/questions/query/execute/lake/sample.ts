/**
 * Samples the properties of the newest rows.
 * @module
 */
import type { Stores } from "../../../../lib/stores";
import { DAY_MS } from "../../../../lib/time";
import { type Dataset, martOf } from "../../../metrics";
import { isStored } from "../../parse/level";
import { rowsIn } from "../../plan/cost";
import { type ProjectState, readSnapshot } from "../snapshot-store";
import { codedOf, textOf } from "./coded";
import { batchesOf } from "./sources";

/** Approximate number of rows to read; the newest ones. */
const ROWS = 50_000;
/** Most rows of one event name or table, so that frequent events leave space for rare ones. */
const ROWS_AN_EVENT = 200;
const MAX_KEYS = 200;
const MAX_VALUES = 200;
const LOOK_BACK_MS = 30 * DAY_MS;

/** A key with some of its values. */
export interface KeySeen {
  key: string;
  values: string[];
}

/**
 * Keys of the rows that contain a dataset's properties: its own if it is a mart, else those of events.
 * @throws SegmentGoneError when a segment was merged away meanwhile
 */
export async function sampleProperties(
  { db, lake }: Stores,
  { project, now }: { project: string; now: number },
  state: ProjectState,
  dataset: Dataset,
): Promise<KeySeen[]> {
  const mart = martOf(dataset);
  const [kindColumn, time] = mart ? [kindOf(dataset), dataset.time] : ["event_name", "timestamp"];
  const range = { from: mart ? 0 : now - LOOK_BACK_MS, to: now + DAY_MS };
  const level = mart?.levels.find(isStored);
  const nothing = { spans: [], events: null, sessions: null, rollups: null };
  const found = await readSnapshot(
    db,
    project,
    state,
    level ? { ...nothing, marts: [{ ...range, level }] } : { ...nothing, events: range, unfolded: true },
  );
  const segments = level ? (found.marts.get(level)?.segments ?? []) : found.events;
  const first = mart ? Math.min(range.to, ...segments.map(({ min_time }) => min_time)) : range.from;
  const newest = Math.max(first, ...segments.map(({ max_time }) => max_time + 1));
  const rows = rowsIn({ read: { columns: [], from: first, to: newest }, segments });
  const width = Math.ceil((newest - first) * Math.min(1, ROWS / Math.max(rows, 1)));
  const columns = [kindColumn, "properties", time].sort();
  const sample = new Sample();
  const read = { columns, from: newest - width, to: newest };
  for await (const batch of batchesOf(lake, segments, project, read, { rows: 0, bytes: 0 })) {
    const { [kindColumn]: kind, properties } = batch.columns;
    if (!kind || !properties) throw new Error("query: a sample without its columns");
    const names = codedOf(kind, batch.length);
    const texts = codedOf(properties, batch.length);
    for (let row = 0; row < batch.length; row++) {
      const text = texts.dictionary[texts.codes[row]!] ?? null;
      if (text !== null) sample.add(names.dictionary[names.codes[row]!] ?? "", text);
    }
  }
  return sample.keys();
}

/** The column of a mart that distinguishes kinds of rows: that of its first dimension. */
function kindOf({ name, dimensions }: Dataset): string {
  const origin = Object.values(dimensions).find((one) => one.origin.kind === "column")?.origin;
  if (origin?.kind !== "column") throw new Error(`query: ${name} has no column to tell rows apart`);
  return origin.column;
}

class Sample {
  readonly #rows = new Map<string, number>();
  readonly #keys = new Map<string, { rows: number; values: string[] }>();

  add(event: string, text: string): void {
    const rows = this.#rows.get(event) ?? 0;
    if (rows >= ROWS_AN_EVENT) return;
    this.#rows.set(event, rows + 1);
    const properties: unknown = JSON.parse(text);
    if (typeof properties !== "object" || properties === null) return;
    for (const [key, value] of Object.entries(properties)) this.#put(key, textOf(value));
  }

  #put(key: string, value: string | null): void {
    if (value === null) return;
    const seen = this.#keys.get(key) ?? { rows: 0, values: [] };
    seen.rows++;
    if (seen.values.length < MAX_VALUES) seen.values.push(value);
    if (this.#keys.size < MAX_KEYS) this.#keys.set(key, seen);
  }

  keys(): KeySeen[] {
    return [...this.#keys]
      .sort(([a, left], [b, right]) => right.rows - left.rows || a.localeCompare(b))
      .map(([key, { values }]) => ({ key, values }));
  }
}
