/**
 * The body of a rollup row: all values of one dimension in one bucket, by column.
 * Sets are decoded only on access: a fold changes a few values of a row that has thousands.
 * @module
 */
import {
  type CountMeasure,
  DAILY_SETS,
  DIMENSIONS,
  type Dimension,
  OTHER,
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
  /** Only of a row with `(other)`. */
  tail?: Tail;
}

/**
 * What `(other)` may contain of a single value, at most, in the count that values are ordered by (`leadOf`). Every value
 * has at least the counts of its own place, and at most these more.
 */
export interface Tail {
  /** Of each value of the row; 0: its counts are exact. */
  errors: number[];
  /** Of a value that is not in the row. */
  absent: number;
}

/** The first line of a body: the row without the members of its sets. */
export interface Head extends Pick<Packed, "values" | "counts" | "tail"> {
  /** Numbers of members of daily sets, below zero when estimated. */
  sizes: Partial<Record<SetMeasure, number[]>>;
}

/** The JSON of a first line; columns in the order of the dimension's declaration. */
type HeadColumns = [
  values: (string | null)[],
  counts: number[][],
  sizes: number[][],
  absent?: number,
  /** Omitted when all are 0. */
  errors?: number[],
];

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
  if (packed.tail) head.push(packed.tail.absent);
  if (packed.tail?.errors.some((error) => error > 0)) head.push(packed.tail.errors);
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
  const { values, counts, tail } = decodeHead(dimension, head);
  return { values, counts, sets: decodeSets(dimension, lines), ...(tail && { tail }) };
}

/** Values, counts and sizes, from the first line of a body. */
export function decodeHead(dimension: Dimension, head: string): Head {
  const [values, columns, sizes, absent, errors] = JSON.parse(head.slice(head.indexOf("["))) as HeadColumns;
  const [, daily] = setsOf(dimension);
  const counts: Packed["counts"] = Object.fromEntries(
    DIMENSIONS[dimension].counts.map((m, i) => [m, columns[i] ?? []]),
  );
  const tail = tailOf({ values, counts }, leadOf(dimension), absent, errors);
  return {
    values,
    counts,
    sizes: Object.fromEntries(daily.map((m, i) => [m, sizes[i] ?? []])),
    ...(tail && { tail }),
  };
}

/** The tail of a row: without a stored bound, all of `(other)` may be of one value. */
function tailOf(
  { values, counts }: Pick<Packed, "values" | "counts">,
  lead: CountMeasure,
  absent?: number,
  errors?: number[],
): Tail | undefined {
  const place = values.indexOf(OTHER);
  if (place < 0) return undefined;
  return { absent: absent ?? counts[lead]?.[place] ?? 0, errors: errors ?? values.map(() => 0) };
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

/** The count that values are ordered by. */
export function leadOf(dimension: Dimension): CountMeasure {
  return DIMENSIONS[dimension].of === "visit" ? "sessions" : "events";
}
