/**
 * The body of a rollup row: all values of one dimension in one bucket, by column.
 * Sets are decoded only on access: a fold changes a few values of a row that has thousands.
 * @module
 */
import { fitsParameter } from "../../lib/json-params";
import {
  type CountMeasure,
  DAILY_SETS,
  DIMENSIONS,
  type Dimension,
  OTHER,
  SEALED_VALUES,
  type SetMeasure,
  TOTAL,
} from "./dimensions";
import { countOf, exactMembers, isApproximate, PRECISION, type Precision, Sketch } from "./sketch";

/** A set in a row: encoded members, or only their number. */
export type PackedSet = string | number;

export interface Packed {
  values: (string | null)[];
  counts: Partial<Record<CountMeasure, number[]>>;
  sets: Partial<Record<SetMeasure, PackedSet[]>>;
}

/** The first line of a body: the row without the members of its sets. */
export interface Head extends Pick<Packed, "values" | "counts"> {
  /** Numbers of members of daily sets, below zero when estimated. */
  sizes: Partial<Record<SetMeasure, number[]>>;
}

/** The JSON of a first line; columns in the order of the dimension's declaration. */
type HeadColumns = [values: (string | null)[], counts: number[][], sizes: number[][]];

/** Marks a set of which only the number of members is known; no encoded set starts with it. */
const COUNTED = "#";

/**
 * The text of a row's body: a line of values, counts and sizes, then a line for each set measure, its sets joined by
 * commas, lasting sets before daily ones. Sets are most of a row and few queries need them: the first line is
 * the row without them. It starts with the length of the lasting lines, so that SQL can cut after them.
 */
export function encodePacked(dimension: Dimension, packed: Packed): string {
  const { counts } = DIMENSIONS[dimension];
  const [lasting, daily] = setsOf(dimension);
  const lineOf = (m: SetMeasure) => (packed.sets[m] ?? []).map(textOfSet).join();
  const sizes = daily.map((m) => (packed.sets[m] ?? []).map((set) => signedSize(dimension, set)));
  const head: HeadColumns = [packed.values, counts.map((m) => packed.counts[m] ?? []), sizes];
  const first = lasting.map(lineOf).join("\n");
  return [`${first.length}${JSON.stringify(head)}`, first, ...daily.map(lineOf)].join("\n");
}

/** The set measures of a dimension in the order of their lines. */
function setsOf(dimension: Dimension): [lasting: SetMeasure[], daily: SetMeasure[]] {
  const sets: readonly SetMeasure[] = DIMENSIONS[dimension].sets;
  return [sets.filter((m) => !DAILY_SETS.includes(m)), sets.filter((m) => DAILY_SETS.includes(m))];
}

/** The number of members, below zero when it is an estimate. */
function signedSize(dimension: Dimension, set: PackedSet): number {
  const size = sizeOf(set);
  const isEstimate =
    typeof set === "number" ? size > exactMembers(precisionOf(dimension)) : isApproximate(set);
  return isEstimate ? -size : size;
}

/** Decodes the output of `encodePacked`; rows are written only here, so their shape is not validated. */
export function decodePacked(dimension: Dimension, body: string): Packed {
  const [head = "", ...lines] = body.split("\n");
  const { values, counts } = decodeHead(dimension, head);
  return { values, counts, sets: decodeSets(dimension, lines) };
}

/** Values, counts and sizes, from the first line of a body. */
export function decodeHead(dimension: Dimension, head: string): Head {
  const [values, columns, sizes] = JSON.parse(head.slice(head.indexOf("["))) as HeadColumns;
  const { counts } = DIMENSIONS[dimension];
  const [, daily] = setsOf(dimension);
  return {
    values,
    counts: Object.fromEntries(counts.map((m, i) => [m, columns[i] ?? []])),
    sizes: Object.fromEntries(daily.map((m, i) => [m, sizes[i] ?? []])),
  };
}

/** Decodes sets from the further lines of a body, as far as it was read. */
export function decodeSets(dimension: Dimension, lines: readonly string[]): Packed["sets"] {
  const read = setsOf(dimension).flat().slice(0, lines.length);
  return Object.fromEntries(read.map((m, i) => [m, (lines[i] ?? "").split(",").map(setOfText)]));
}

const textOfSet = (set: PackedSet) => (typeof set === "number" ? `${COUNTED}${set}` : set);
const setOfText = (text: string): PackedSet => (text.startsWith(COUNTED) ? Number(text.slice(1)) : text);

/** The number of members of a set of a row. */
export function sizeOf(set: PackedSet | undefined): number {
  return typeof set === "number" ? set : set ? countOf(set) : 0;
}

/** Precision of the sets of a dimension. */
export function precisionOf(dimension: Dimension): Precision {
  return dimension === TOTAL ? PRECISION.fine : PRECISION.coarse;
}

/** Union of sets of one dimension. Sets of which only the number is known are added instead. */
export function unite(dimension: Dimension, sets: Iterable<PackedSet>): { sketch: Sketch; counted: number } {
  const precision = precisionOf(dimension);
  const sketch = new Sketch(precision);
  let counted = 0;
  for (const set of sets) {
    if (typeof set === "number") counted += set;
    else if (set) sketch.absorb(set);
  }
  return { sketch, counted };
}

/**
 * Seals a bucket: values beyond the first `SEALED_VALUES` (by the leading count, then by value) become `(other)`,
 * whose counts are the sum and whose sets are the union; `anonymous` and `event_sessions` become numbers.
 */
export function sealPacked(dimension: Dimension, packed: Packed): Packed {
  return cutTail(dimension, packed, SEALED_VALUES, sealSet);
}

/** Share of the values that stays when a row is too large. */
const CUT = 0.75;

/**
 * The text of a row's body that fits into D1: the least frequent values become `(other)` until it does. Such a row takes
 * no further values (`applyCells`).
 */
export function encodeFitting(dimension: Dimension, packed: Packed): string {
  let kept = packed;
  let body = encodePacked(dimension, kept);
  while (!fitsParameter(body)) {
    kept = cutTail(dimension, kept, Math.floor(kept.values.length * CUT), mergeSets);
    body = encodePacked(dimension, kept);
  }
  return body;
}

type MergeSets = (dimension: Dimension, measure: SetMeasure, members: PackedSet[]) => PackedSet;

/** The row with its first `most` values by the leading count, then by value; the others become `(other)`. */
function cutTail(dimension: Dimension, packed: Packed, most: number, merge: MergeSets): Packed {
  const spec = DIMENSIONS[dimension];
  const by = packed.counts[leadOf(dimension)] ?? [];
  const order = packed.values.map((_, i) => i);
  order.sort((a, b) => (by[b] ?? 0) - (by[a] ?? 0) || compareValues(packed.values[a], packed.values[b]));
  const others = packed.values.indexOf(OTHER);
  const ranked = others < 0 ? order : order.filter((i) => i !== others);
  const top = ranked.slice(0, most);
  const tail = others < 0 ? ranked.slice(most) : [...ranked.slice(most), others];

  const cut: Packed = { values: top.map((i) => packed.values[i] ?? null), counts: {}, sets: {} };
  if (tail.length) cut.values.push(OTHER);
  for (const measure of spec.counts) {
    const column = packed.counts[measure] ?? [];
    const cells = top.map((i) => column[i] ?? 0);
    if (tail.length) cells.push(tail.reduce((sum, i) => sum + (column[i] ?? 0), 0));
    cut.counts[measure] = cells;
  }
  for (const measure of spec.sets) {
    const column = packed.sets[measure] ?? [];
    const setsAt = (places: number[]) => places.map((i) => column[i] ?? "");
    const cells = top.map((i) => merge(dimension, measure, setsAt([i])));
    if (tail.length) cells.push(merge(dimension, measure, setsAt(tail)));
    cut.sets[measure] = cells;
  }
  return cut;
}

/** The count that values are ordered by. */
export function leadOf(dimension: Dimension): CountMeasure {
  return DIMENSIONS[dimension].of === "visit" ? "sessions" : "events";
}

function mergeSets(dimension: Dimension, _measure: SetMeasure, members: PackedSet[]): PackedSet {
  const [only] = members;
  if (members.length === 1 && only !== undefined) return only;
  const { sketch, counted } = unite(dimension, members);
  return counted ? sketch.count() + counted : sketch.encode();
}

function sealSet(dimension: Dimension, measure: SetMeasure, members: PackedSet[]): PackedSet {
  const daily = DAILY_SETS.includes(measure);
  const [only] = members;
  if (members.length === 1 && only !== undefined) return daily ? sizeOf(only) : only;
  const { sketch, counted } = unite(dimension, members);
  return daily ? sketch.count() + counted : sketch.encode();
}

/** Order of values in a sealed row: code units, null first. Independent of the locale, because it must never change. */
export function compareValues(a: string | null | undefined, b: string | null | undefined): number {
  if (a == null || b == null) return a == null ? (b == null ? 0 : -1) : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
