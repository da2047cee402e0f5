/**
 * Lines of rollups with `(other)`: by how much they may be larger, and where the lake has to be read to know.
 * @module
 */
import { bucketStart, DAY_MS, nextBucket, type TimeRange } from "../../../../lib/time";
import { type CountMeasure, DIMENSIONS, leadOf, OTHER, type RollupRow } from "../../../../pipeline/rollup";
import type { Measure } from "../../../metrics";
import type { Value } from "../../parse/filter";
import type { RollupPlan } from "../../plan/subquery-plan";
import type { Bounds } from "../../table/bounds";
import { type DecodedRow, decodedRow } from "../cache/rollup-heads";

/** Ranges closer than this are read together: a scan for each would cost more than the rows in between. */
const NEAR_MS = 7 * DAY_MS;

/** The days of rows with `(other)`, of which a plan's exact values are read from the lake. */
export function otherRanges(plan: RollupPlan, rows: readonly RollupRow[], zone: string): TimeRange[] {
  if (!plan.exact.length) return [];
  const { from, to } = plan.subquery;
  const buckets = rows.filter((row) => decodedRow(row).tail).map(({ bucket }) => bucket);
  const ranges: TimeRange[] = [];
  for (const bucket of buckets.sort((a, b) => a - b)) {
    const day = bucketStart(bucket, "day", zone);
    const end = Math.min(nextBucket(day, "day", zone), to);
    const last = ranges.at(-1);
    if (last && day - last.to <= NEAR_MS) last.to = end;
    else ranges.push({ from: Math.max(day, from), to: end });
  }
  return ranges;
}

type RollupMeasure = NonNullable<Measure["rollup"]>;

/** Adds what `(other)` of a row may contain of each line. `exact`: values that are read from the lake. */
export function addBounds(
  bounds: Bounds,
  bucket: number,
  { dimension, exact }: { dimension: RollupPlan["dimension"]; exact: ReadonlySet<Value> },
  packed: DecodedRow,
  measures: readonly RollupMeasure[],
): void {
  const { tail, values } = packed;
  if (!tail) return;
  const missing = missingOf(dimension, packed, measures);
  const present = new Map(values.map((value, i) => [value, missing(tail.errors[i] ?? 0)]));
  for (const value of exact) present.set(value, missing(0));
  // Visitors of values that are read from the lake cannot be subtracted from those of `(other)`.
  const visitors = missing(exact.size ? Number.POSITIVE_INFINITY : 0);
  present.set(
    OTHER,
    measures.map((measure, i) => ("sets" in measure ? visitors[i]! : 0)),
  );
  bounds.add(bucket, missing(tail.absent), present);
}

/** What a value misses of each measure when at most `error` of its events (or sessions) are in `(other)`. */
function missingOf(
  dimension: RollupPlan["dimension"],
  { values, counts }: DecodedRow,
  measures: readonly RollupMeasure[],
): (error: number) => number[] {
  const place = values.indexOf(OTHER);
  const lead = leadOf(dimension);
  const inOther = (count: CountMeasure) => counts[count]?.[place] ?? 0;
  // An event is at most one page view, a session one bounce, and each has one visitor.
  const isWithinLead = (measure: RollupMeasure) =>
    "sets" in measure ||
    DIMENSIONS[dimension].of === "event" ||
    ["sessions", "bounces"].includes(measure.count);
  return (error) =>
    measures.map((measure) => {
      if (error === 0) return 0;
      const most = inOther("sets" in measure ? lead : (measure.count as CountMeasure));
      return isWithinLead(measure) ? Math.min(error, most) : most;
    });
}
