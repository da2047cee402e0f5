/**
 * Adds a field's values to the cells of one measure.
 * @module
 */

import { hashOf } from "../../../../pipeline/rollup";
import type { Aggregate } from "../../../metrics";
import { Distinct } from "../../table/distinct";
import { eachNew, type Into } from "./add";
import type { BatchView } from "./view";

type FieldAggregate = Extract<Aggregate, { kind: "field" }>;

/** Skips rows that have no value, or no number where one is needed. */
export function addField(view: BatchView, { take, field }: FieldAggregate, into: Into): void {
  // A line without values is still a line, as for counts and sums.
  for (const code of into.used) into.groupOf(code);
  if (take === "unique") addUnique(view, field, into);
  else if (take === "numbers" || take === "sum") addTotals(view.fieldNumbers(field), take, into);
  else addValues(view.fieldNumbers(field), into);
}

function addTotals(numbers: Float64Array, take: "numbers" | "sum", into: Into): void {
  const { m, rows, used, sums, tuples, groupOf } = into;
  const { codes } = tuples;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = numbers[row]!;
    if (!Number.isNaN(value)) sums[codes[row]!]! += take === "sum" ? value : 1;
  }
  for (const code of used) {
    const { cells } = groupOf(code);
    cells[m] = (cells[m] as number) + sums[code]!;
    sums[code] = 0;
  }
}

function addValues(numbers: Float64Array, { m, rows, tuples, groupOf }: Into): void {
  const { codes } = tuples;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const value = numbers[row]!;
    if (Number.isNaN(value)) continue;
    const cell = groupOf(codes[row]!).cells[m];
    if (typeof cell !== "object" || cell instanceof Distinct)
      throw new Error("query: values of a field without their cell");
    cell.add(value);
  }
}

function addUnique(view: BatchView, field: string, into: Into): void {
  const { codes, dictionary } = view.fieldValues(field);
  const hashes = Float64Array.from(dictionary, (value) => (value === null ? -1 : hashOf(value)));
  const { m, tuples, groupOf } = into;
  eachNew(into, dictionary.length, codes, (row, code) => {
    if (hashes[code]! < 0) return false;
    const cell = groupOf(tuples.codes[row]!).cells[m];
    if (!(cell instanceof Distinct)) throw new Error("query: unique values without their cell");
    cell.add(hashes[code]!);
    return true;
  });
}
