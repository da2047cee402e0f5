/**
 * Which rows of a batch pass a filter (1: passes). Conditions are evaluated once per dictionary entry.
 * @module
 */
import { type CheckedCondition, type CheckedFilter, testOf } from "../../parse/filter";
import type { Coded } from "./coded";

/** The mask of a filter; `codedOf` returns the column of a dimension. */
export function maskOf(
  filter: CheckedFilter,
  length: number,
  codedOf: (dimension: string) => Coded,
): Uint8Array {
  if ("dimension" in filter) return conditionMask(filter, length, codedOf(filter.dimension));
  if ("not" in filter) {
    const mask = maskOf(filter.not, length, codedOf);
    for (let row = 0; row < length; row++) mask[row] = 1 - mask[row]!;
    return mask;
  }
  const isAnd = "and" in filter;
  const mask = new Uint8Array(length).fill(isAnd ? 1 : 0);
  for (const part of isAnd ? filter.and : filter.or) {
    const other = maskOf(part, length, codedOf);
    if (isAnd) for (let row = 0; row < length; row++) mask[row]! &= other[row]!;
    else for (let row = 0; row < length; row++) mask[row]! |= other[row]!;
  }
  return mask;
}

function conditionMask(
  condition: CheckedCondition,
  length: number,
  { codes, dictionary }: Coded,
): Uint8Array {
  const test = testOf(condition);
  const passes = Uint8Array.from(dictionary, (value) => (test(value) ? 1 : 0));
  const mask = new Uint8Array(length);
  for (let row = 0; row < length; row++) mask[row] = passes[codes[row]!]!;
  return mask;
}

/** Rows that pass both; null means all. */
export function both(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  if (!a || !b) return a ?? b;
  const mask = new Uint8Array(a.length);
  for (let row = 0; row < mask.length; row++) mask[row] = a[row]! & b[row]!;
  return mask;
}
