/**
 * Adds the rows of a stretch to the cells of one measure, by dictionary code.
 * @module
 */
import type { Aggregate } from "../../../metrics";
import { added, type Group } from "../../table/aggregate-table";
import { Distinct } from "../../table/distinct";
import type { Tuples } from "./coded";
import type { BatchView } from "./view";

/** When people were identified; loaded for a batch before it is added up. */
export interface PeopleIndex {
  /** Epoch ms for each entry of the batch's `distinct_id`, infinite for those who never were. */
  since(view: BatchView): Float64Array;
}

/** Pairs of a group and a member that are looked up in an array instead of a set. */
const MAX_PAIRS = 2 ** 20;

/** Rows of a stretch, and the cells of measure `m` that they are added to. */
export interface Into {
  m: number;
  rows: Uint32Array;
  /** Codes of tuples that occur in the rows. */
  used: readonly number[];
  /** Zeros, by code of tuple; left as zeros. */
  sums: Float64Array;
  tuples: Tuples;
  groupOf(code: number): Group;
  /** Of the stretch's day. */
  salt: number;
  /** Number of the stretch, above 0. */
  stamp: number;
  /** Number of the stretch that last had each pair of group and member; created when first needed. */
  met: { pairs: Uint32Array | null };
}

/** Adds counts and sums. */
export function addNumbers(
  view: BatchView,
  aggregate: Extract<Aggregate, { kind: "count" | "sum" }>,
  into: Into,
): void {
  const { m, used, sums, groupOf } = into;
  if (aggregate.kind === "sum") addSums(view, aggregate, into);
  else addCounts(view, aggregate, into);
  for (const code of used) {
    const { cells } = groupOf(code);
    cells[m] = added(cells[m] as number, sums[code]!);
    sums[code] = 0;
  }
}

function addCounts(view: BatchView, { where }: Extract<Aggregate, { kind: "count" }>, into: Into): void {
  const { rows, sums, tuples } = into;
  const { codes } = tuples;
  if (!where) {
    if (tuples.tuples.length === 1) sums[0]! += rows.length;
    else for (let i = 0; i < rows.length; i++) sums[codes[rows[i]!]!]!++;
    return;
  }
  const column = view.column(where.column);
  const wanted = column.dictionary.indexOf(where.value);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    if (column.codes[row] === wanted) sums[codes[row]!]!++;
  }
}

/** A missing number adds nothing. */
function addSums(
  view: BatchView,
  { column, less, where, unknown }: Extract<Aggregate, { kind: "sum" }>,
  into: Into,
): void {
  const { rows, used, sums, tuples } = into;
  const { codes } = tuples;
  const plus = view.numbers(column);
  const minus = less === undefined ? null : view.numbers(less);
  const counts = where === undefined ? null : view.numbers(where);
  const seen = unknown ? new Uint8Array(sums.length) : null;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = counts && counts[row] !== 1 ? 0 : plus[row]! - (minus ? minus[row]! : 0);
    if (Number.isNaN(value)) continue;
    const code = codes[row]!;
    if (seen) seen[code] = 1;
    sums[code]! += value;
  }
  if (seen) for (const code of used) if (!seen[code]) sums[code] = Number.NaN;
}

/** Adds members of a distinct count. */
export function addDistinct(
  view: BatchView,
  subject: "visitor" | "user" | "session",
  people: PeopleIndex,
  into: Into,
): void {
  if (subject === "session") addSessions(view, into);
  else if (subject === "user") addUsers(view, people.since(view), into);
  else addVisitors(view, into);
}

function addSessions(view: BatchView, into: Into): void {
  const { index } = view;
  if (!index) throw new Error("query: sessions were not read");
  const places = view.sessions();
  for (const row of into.rows) {
    const place = places[row]!;
    if (place >= 0) distinctOf(into, row).addDaily(index.identityOf(place), into.salt);
  }
}

function addUsers(view: BatchView, since: Float64Array, into: Into): void {
  const { dictionary, codes } = view.column("distinct_id");
  const hashes = view.hashes("distinct_id");
  eachNew(into, dictionary.length, codes, (row, code) => {
    if (view.times[row]! < since[code]!) return false;
    distinctOf(into, row).add(hashes[code]!);
    return true;
  });
}

function addVisitors(view: BatchView, into: Into): void {
  const people = view.column("distinct_id");
  const none = people.dictionary.indexOf(null);
  const { dictionary, codes } = view.column("visitor_id");
  const hashes = view.hashes("visitor_id");
  eachNew(into, dictionary.length, codes, (row, code) => {
    if (people.codes[row] === none) distinctOf(into, row).addDaily(hashes[code]!, into.salt);
    else distinctOf(into, row).add(hashes[code]!);
    return true;
  });
}

function distinctOf({ m, tuples, groupOf }: Into, row: number): Distinct {
  const cell = groupOf(tuples.codes[row]!).cells[m];
  if (!(cell instanceof Distinct)) throw new Error("query: a distinct measure without its cell");
  return cell;
}

/**
 * Calls `add` for rows whose pair of group and member has not been added in this stretch. `add` returns whether it did.
 */
export function eachNew(
  into: Into,
  members: number,
  codes: ArrayLike<number>,
  add: (row: number, code: number) => boolean,
): void {
  const { rows, tuples, stamp, met } = into;
  const size = tuples.tuples.length * members;
  if (size > MAX_PAIRS) {
    for (let i = 0; i < rows.length; i++) add(rows[i]!, codes[rows[i]!]!);
    return;
  }
  met.pairs ??= new Uint32Array(size);
  const { pairs } = met;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const code = codes[row]!;
    const pair = tuples.codes[row]! * members + code;
    if (pairs[pair] !== stamp && add(row, code)) pairs[pair] = stamp;
  }
}
