/**
 * Rollups as rows of the lake: one row per value, readable by any Parquet engine.
 * @module
 */
import type { FoldStateRow } from "../../../schema/tables/shard";
import type { SealedRollupRow } from "../../../schema/wire/derived";
import { COUNTS, type CountMeasure, DIMENSIONS, type Dimension, OTHER } from "./dimensions";
import { decodePacked, encodePacked, type Packed, type PackedSet, sizeOf } from "./packed";
import type { RollupGrain, RollupRow } from "./row";

/** Converts a sealed row to the lake's rows. */
export function toSealedRows(
  { project, generation, epoch }: Pick<FoldStateRow, "project" | "generation" | "epoch">,
  row: RollupRow,
): SealedRollupRow[] {
  const packed = decodePacked(row.dimension, row.body);
  const spec = DIMENSIONS[row.dimension];
  return packed.values.map((value, i) => {
    const countOf = (measure: CountMeasure) => packed.counts[measure]?.[i] ?? null;
    const setOf = (measure: keyof Packed["sets"]) => {
      const set = packed.sets[measure]?.[i];
      return set === undefined ? null : sizeOf(set);
    };
    const textOf = (set: PackedSet | undefined) => (typeof set === "string" ? set : null);
    const counts = Object.fromEntries(
      COUNTS.map((m) => [m, (spec.counts as readonly string[]).includes(m) ? countOf(m) : null]),
    ) as Record<CountMeasure, number | null>;
    return {
      project_id: project,
      generation,
      epoch,
      grain: row.grain,
      dimension: row.dimension,
      bucket: row.bucket,
      value,
      ...counts,
      anonymous: setOf("anonymous"),
      identified: setOf("identified"),
      users: setOf("users"),
      event_sessions: setOf("event_sessions"),
      error: (value === OTHER ? packed.tail?.absent : packed.tail?.errors[i]) ?? null,
      identified_sketch: textOf(packed.sets.identified?.[i]),
      users_sketch: textOf(packed.sets.users?.[i]),
    };
  });
}

/** Packs the lake's rows of one project. Rows of dimensions unknown to this version are left out. */
export function fromSealedRows(rows: Iterable<SealedRollupRow>): RollupRow[] {
  const groups = Map.groupBy(rows, (row) => `${row.grain} ${row.bucket} ${row.dimension}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first || !(first.dimension in DIMENSIONS)) return [];
    const dimension = first.dimension as Dimension;
    const spec = DIMENSIONS[dimension];
    const counts = Object.fromEntries(spec.counts.map((m) => [m, group.map((row) => row[m] ?? 0)]));
    const sets = Object.fromEntries(spec.sets.map((m) => [m, group.map((row) => setFrom(row, m))]));
    const errors = group.map(({ value, error }) => (value === OTHER ? 0 : (error ?? 0)));
    const absent = group.find(({ value }) => value === OTHER)?.error ?? null;
    const packed = { values: group.map((row) => row.value), counts, sets };
    const body = encodePacked(dimension, absent === null ? packed : { ...packed, tail: { errors, absent } });
    return [{ grain: first.grain as RollupGrain, dimension, bucket: first.bucket, sealed: true, body }];
  });
}

function setFrom(
  row: SealedRollupRow,
  measure: "anonymous" | "identified" | "users" | "event_sessions",
): PackedSet {
  if (measure === "identified") return row.identified_sketch ?? "";
  if (measure === "users") return row.users_sketch ?? "";
  return row[measure] ?? 0;
}
