/**
 * Which values of a row have a place of their own: the most frequent ones, by Space-Saving (A. Metwally, D. Agrawal,
 * A. El Abbadi, "Efficient computation of frequent and top-k elements in data streams", 2005) over batches of events.
 *
 * A value that loses its place is added to `(other)`, so that all counts still add up. A value that gets a place may
 * have been in `(other)` before: its error is the most that any value without a place may have. Of N events in a row
 * of m places, a value has an error of at most N / m, and every value with more than N / m events has a place.
 * @module
 */
import { fitsParameter } from "../../lib/json-params";
import {
  DAILY_SETS,
  DIMENSIONS,
  type Dimension,
  OPEN_VALUES,
  OTHER,
  SEALED_VALUES,
  type SetMeasure,
} from "./dimensions";
import { encodePacked, leadOf, type Packed, type PackedSet, sizeOf, unite } from "./packed";

/** An open row with at most `OPEN_VALUES` places. */
export function cutOpen(dimension: Dimension, packed: Packed): Packed {
  const places = packed.values.length - (packed.tail ? 1 : 0);
  return places <= OPEN_VALUES ? packed : cutTail(dimension, packed, OPEN_VALUES, mergeSets);
}

/**
 * Seals a bucket: values beyond the `SEALED_VALUES` most frequent ones (ties in the order of values) become `(other)`,
 * whose counts are the sum and whose sets are the union; `anonymous` and `event_sessions` become numbers.
 */
export function sealPacked(dimension: Dimension, packed: Packed): Packed {
  return cutTail(dimension, packed, SEALED_VALUES, sealSet);
}

/**
 * Whether a row that was sealed from an open one has the values, and their counts, that sealing all events of the bucket
 * would give.
 */
export function isSealedExactly(dimension: Dimension, open: Packed, sealed: Packed): boolean {
  if (!open.tail) return true;
  const leads = sealed.counts[leadOf(dimension)] ?? [];
  const own = leads.filter((_, i) => sealed.values[i] !== OTHER);
  const isExact = sealed.tail?.errors.every((error) => error === 0) ?? true;
  return isExact && own.length === SEALED_VALUES && open.tail.absent < Math.min(...own);
}

/** Share of the values that stays when a row is too large. */
const CUT = 0.75;

/** The text of a row's body that fits into D1: the least frequent values become `(other)` until it does. */
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

/**
 * The row with its `most` most frequent values, in case all that `(other)` may have of them is theirs; the rest becomes
 * `(other)`.
 */
function cutTail(dimension: Dimension, packed: Packed, most: number, merge: MergeSets): Packed {
  const { counts, sets } = DIMENSIONS[dimension];
  const mostOf = upperBounds(dimension, packed);
  const { values } = packed;
  const order = values.map((_, i) => i).filter((i) => values[i] !== OTHER);
  order.sort((a, b) => mostOf[b]! - mostOf[a]! || compareValues(values[a], values[b]));
  const top = order.slice(0, most);
  const evicted = order.slice(most);
  const others = values.indexOf(OTHER);
  const rest = others < 0 ? evicted : [...evicted, others];

  const cut: Packed = { values: top.map((i) => values[i] ?? null), counts: {}, sets: {} };
  for (const measure of counts) {
    const column = packed.counts[measure] ?? [];
    cut.counts[measure] = top.map((i) => column[i] ?? 0);
    if (rest.length) cut.counts[measure].push(rest.reduce((sum, i) => sum + (column[i] ?? 0), 0));
  }
  for (const measure of sets) {
    const column = packed.sets[measure] ?? [];
    const merged = (places: number[]) =>
      merge(
        dimension,
        measure,
        places.map((i) => column[i] ?? ""),
      );
    cut.sets[measure] = top.map((i) => merged([i]));
    if (rest.length) cut.sets[measure].push(merged(rest));
  }
  if (!rest.length) return cut;
  cut.values.push(OTHER);
  const absent = Math.max(packed.tail?.absent ?? 0, mostOf[evicted[0] ?? -1] ?? 0);
  cut.tail = { errors: [...top.map((i) => packed.tail?.errors[i] ?? 0), 0], absent };
  return cut;
}

/** The leading count that each value has at most. */
function upperBounds(dimension: Dimension, { values, counts, tail }: Packed): number[] {
  const lead = counts[leadOf(dimension)] ?? [];
  return values.map((_, i) => (lead[i] ?? 0) + (tail?.errors[i] ?? 0));
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
