/**
 * Rows of days that go on, with their lasting sets, kept in the isolate until something is folded: a day's sets can be
 * hundreds of KB, and a dashboard of many cards asks about the same ones at once and again within the minute.
 * Such rows are then read without sets, and what is kept holds if they still begin with the same line: everything that
 * changes a row moves the project's `seq` or `epoch`.
 * @module
 */
import type { RollupRow, RollupSpan } from "../../../../pipeline/rollup";
import type { ProjectState } from "../snapshot-store";

/** Characters of all rows kept. */
const MOST_CHARACTERS = 8_000_000;
/** Days of one span: longer ones are of days that are over, which `settled.ts` keeps. */
const MOST_ROWS = 3;

interface Kept {
  seq: number;
  epoch: number;
  rows: RollupRow[];
}

/** The first is the next to be forgotten. */
const kept = new Map<string, Kept>();
let characters = 0;

/** Of which project, and how it stands. */
export interface Moment extends Pick<ProjectState, "seq" | "epoch"> {
  project: string;
}

/** The span, read without sets if these are known. */
export function withoutKnown(moment: Moment, span: RollupSpan): RollupSpan {
  return known(moment, span) ? { ...span, depth: "counts" } : span;
}

/**
 * The rows with their sets, and keeps those that were read with them. `wanted` are the spans as planned, `read` the same
 * as they were read. Null when what was known does not hold any more.
 */
export function withKnown(
  moment: Moment,
  { wanted, read }: { wanted: readonly RollupSpan[]; read: readonly RollupSpan[] },
  rows: readonly RollupRow[],
): RollupRow[] | null {
  const byDimension = Map.groupBy(rows, (row) => row.dimension);
  const whole = new Map<RollupRow, RollupRow>();
  for (const [i, span] of wanted.entries()) {
    if (span.depth !== "lasting") continue;
    const found = (byDimension.get(span.dimension) ?? []).filter((row) => isIn(span, row));
    if (read[i]!.depth === "lasting") {
      keep(moment, span, found);
      continue;
    }
    const before = known(moment, span)?.rows;
    if (before?.length !== found.length) return null;
    for (const [at, row] of found.entries()) {
      if (!isSame(before[at]!, row)) return null;
      whole.set(row, before[at]!);
    }
  }
  return rows.map((row) => whole.get(row) ?? row);
}

const isIn = ({ grain, from, to }: RollupSpan, row: RollupRow) =>
  row.grain === grain && from <= row.bucket && row.bucket < to;

/** Whether a row that was read without sets is one that is kept. */
const isSame = (whole: RollupRow, read: RollupRow) =>
  whole.bucket === read.bucket && whole.sealed === read.sealed && whole.body.startsWith(`${read.body}\n`);

const keyOf = (project: string, { grain, dimension, from, to }: RollupSpan) =>
  JSON.stringify([project, grain, dimension, from, to]);

function known({ project, seq, epoch }: Moment, span: RollupSpan): Kept | null {
  const entry = span.depth === "lasting" ? kept.get(keyOf(project, span)) : undefined;
  return entry?.seq === seq && entry.epoch === epoch ? entry : null;
}

function keep({ project, seq, epoch }: Moment, span: RollupSpan, rows: RollupRow[]): void {
  const key = keyOf(project, span);
  forget(key);
  if (rows.length > MOST_ROWS) return;
  kept.set(key, { seq, epoch, rows });
  characters += sizeOf(rows);
  for (const oldest of kept.keys()) {
    if (characters <= MOST_CHARACTERS) break;
    forget(oldest);
  }
}

function forget(key: string): void {
  characters -= sizeOf(kept.get(key)?.rows ?? []);
  kept.delete(key);
}

const sizeOf = (rows: readonly RollupRow[]) => rows.reduce((sum, { body }) => sum + body.length, 0);
