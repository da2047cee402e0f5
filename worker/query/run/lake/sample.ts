/**
 * Which properties the newest events carry.
 * @module
 */
import { DAY_MS } from "../../../lib/time";
import { rowsIn } from "../../plan/budget";
import { readSnapshot, type Standing } from "../../store";
import { codedOf, textOf } from "./coded";
import { batchesOf } from "./sources";

/** Rows that are looked at, about; the newest. */
const ROWS = 50_000;
/** Rows of one event name that are read, so that frequent events leave room for rare ones. */
const ROWS_AN_EVENT = 200;
const MAX_KEYS = 200;
const MAX_VALUES = 200;
const LOOK_BACK_MS = 30 * DAY_MS;

/** A key with values that it was met with, the most frequent key first. */
export interface KeySeen {
  key: string;
  values: string[];
}

/** @throws SegmentGoneError when the manifest has moved on. */
export async function sampleProperties(
  { db, lake }: { db: D1Database; lake: R2Bucket },
  { project, now }: { project: string; now: number },
  standing: Standing,
): Promise<KeySeen[]> {
  const range = { from: now - LOOK_BACK_MS, to: now + DAY_MS };
  const wanted = { spans: [], events: range, sessions: null, rollups: null, unfolded: true };
  const { events } = await readSnapshot(db, project, standing, wanted);
  const newest = Math.max(range.from, ...events.map(({ max_time }) => max_time + 1));
  const rows = rowsIn({ read: { columns: [], from: range.from, to: newest }, segments: events });
  const width = Math.ceil((newest - range.from) * Math.min(1, ROWS / Math.max(rows, 1)));
  const columns = ["event_name", "properties", "timestamp"];
  const sample = new Sample();
  const read = { columns, from: newest - width, to: newest };
  for await (const batch of batchesOf(lake, events, project, read, { rows: 0, bytes: 0 })) {
    const { event_name, properties } = batch.columns;
    if (!event_name || !properties) throw new Error("query: a sample without its columns");
    const names = codedOf(event_name, batch.length);
    const texts = codedOf(properties, batch.length);
    for (let row = 0; row < batch.length; row++) {
      const text = texts.dictionary[texts.codes[row]!] ?? null;
      if (text !== null) sample.add(names.dictionary[names.codes[row]!] ?? "", text);
    }
  }
  return sample.keys();
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
