/**
 * Decoded rollups, so that two states can be compared whatever the order in which values arrived.
 * @module
 */
import { decodePacked, unpackRows } from "../../worker/pipeline/rollup";

/** The columns of a row of the table `rollups` that are compared. */
export interface StoredRollup {
  grain: "hour" | "day";
  dimension: string;
  bucket: number;
  sealed: 0 | 1;
  body: string;
}

/** Reads them; bind the project. */
export const SELECT_ROLLUPS = "SELECT grain, dimension, bucket, sealed, body FROM rollups WHERE project = ?1";

/** `grain bucket dimension value` → its measures; those that are empty are left out. */
export function rollupsOf(rows: readonly StoredRollup[]): Record<string, unknown> {
  const rollups: [string, Record<string, unknown>][] = [];
  for (const { grain, dimension, bucket, body } of unpackRows(rows)) {
    const packed = decodePacked(dimension, body);
    packed.values.forEach((value, i) => {
      const cell: Record<string, unknown> = {};
      for (const [name, column] of [...Object.entries(packed.counts), ...Object.entries(packed.sets)]) {
        if (column[i] !== 0 && column[i] !== "") cell[name] = column[i];
      }
      rollups.push([`${grain} ${new Date(bucket).toISOString()} ${dimension} ${value}`, cell]);
    });
  }
  return Object.fromEntries(rollups.sort(([a], [b]) => (a < b ? -1 : 1)));
}
