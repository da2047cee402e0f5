/**
 * A column of one row group in memory, as input of queries and of the encoder.
 * @module
 */
import type { Cell, ColumnSpec } from "./columns.ts";

/** Codes of a dictionary column; the width follows the size of the dictionary. */
export type Codes = Uint8Array | Uint16Array | Uint32Array;

/**
 * `dictionary`: `dictionary[codes[row]]`; null has its own entry; entries may be unused.
 * `number`: numbers, booleans (0 and 1) and timestamps (epoch ms); NaN is null. `text`: whole values.
 */
export type ColumnData =
  | { kind: "dictionary"; dictionary: (string | null)[]; codes: Codes }
  | { kind: "number"; values: Float64Array }
  | { kind: "text"; values: (string | null)[] };

/** The smallest array type for codes of a dictionary of `entries` values. */
export function makeCodes(entries: number, length: number): Codes {
  if (entries <= 0x100) return new Uint8Array(length);
  return entries <= 0x10000 ? new Uint16Array(length) : new Uint32Array(length);
}

/** One column of `rows[start, end)`. @throws on a value that the column's type does not allow */
export function columnOf(
  rows: readonly Record<string, Cell>[],
  name: string,
  spec: ColumnSpec,
  start: number,
  end: number,
): ColumnData {
  if (spec.type === "dictionary") return dictionaryOf(rows, name, start, end);
  if (spec.type === "text" || spec.type === "json") return textOf(rows, name, start, end);
  return numbersOf(rows, name, start, end);
}

function dictionaryOf(rows: readonly Record<string, Cell>[], name: string, start: number, end: number) {
  const codes = new Uint32Array(end - start);
  const dictionary: (string | null)[] = [];
  const seen = new Map<Cell | undefined, number>();
  let last: Cell | undefined;
  let code = -1;
  for (let i = start; i < end; i++) {
    const value = rows[i]![name];
    // Rows are sorted: neighbors often share a value, and comparing is cheaper than a lookup.
    if (code < 0 || value !== last) {
      const known = seen.get(value);
      if (known === undefined) {
        code = dictionary.push(asText(value, name)) - 1;
        seen.set(value, code);
      } else code = known;
      last = value;
    }
    codes[i - start] = code;
  }
  return { kind: "dictionary" as const, dictionary, codes };
}

function textOf(rows: readonly Record<string, Cell>[], name: string, start: number, end: number) {
  const values = new Array<string | null>(end - start);
  for (let i = start; i < end; i++) values[i - start] = asText(rows[i]![name], name);
  return { kind: "text" as const, values };
}

function numbersOf(rows: readonly Record<string, Cell>[], name: string, start: number, end: number) {
  const values = new Float64Array(end - start);
  for (let i = start; i < end; i++) values[i - start] = asNumber(rows[i]![name], name);
  return { kind: "number" as const, values };
}

function asText(value: Cell | undefined, name: string): string | null {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return null;
  throw new Error(`lake column ${name}: expected text, got ${typeof value}`);
}

function asNumber(value: Cell | undefined, name: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (value === null || value === undefined) return Number.NaN;
  throw new Error(`lake column ${name}: expected a number, got ${typeof value}`);
}

/** `length` nulls: the column in a file written before it existed. */
export function nullColumn(spec: ColumnSpec, length: number): ColumnData {
  if (spec.type === "dictionary") {
    return { kind: "dictionary", dictionary: [null], codes: new Uint8Array(length) };
  }
  if (spec.type === "text" || spec.type === "json") {
    return { kind: "text", values: new Array<string | null>(length).fill(null) };
  }
  return { kind: "number", values: new Float64Array(length).fill(Number.NaN) };
}
