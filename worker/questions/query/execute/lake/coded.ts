/**
 * Columns of a batch as codes into a dictionary: work that depends on a value is done once per entry instead of once
 * per row.
 * @module
 */
import type { ColumnData } from "../../../../pipeline/lake";
import type { Value } from "../../parse/filter";

/** `dictionary[codes[row]]` is the value of a row. */
export interface Coded {
  codes: ArrayLike<number>;
  dictionary: readonly Value[];
}

/** The columns of a batch of rows. */
export interface ColumnView {
  readonly length: number;
  /** The time column, epoch ms. */
  readonly times: Float64Array;
  /** `alive`: 1 for each row that counts; null for all. */
  readonly batch: { length: number; alive: Uint8Array | null };
  numbers(column: string): Float64Array;
  column(name: string): Coded;
}

/** Assigns a code to each value. */
export class Interner {
  readonly values: Value[] = [];
  readonly #codes = new Map<Value, number>();

  codeOf(value: Value): number {
    let code = this.#codes.get(value);
    if (code === undefined) {
      code = this.values.push(value) - 1;
      this.#codes.set(value, code);
    }
    return code;
  }
}

/** A column as codes. */
export function codedOf(data: ColumnData, length: number): Coded {
  if (data.kind === "dictionary") return data;
  const interner = new Interner();
  const codes = new Int32Array(length);
  for (let row = 0; row < length; row++) codes[row] = interner.codeOf(valueAt(data, row));
  return { codes, dictionary: interner.values };
}

function valueAt(data: Exclude<ColumnData, { kind: "dictionary" }>, row: number): Value {
  if (data.kind === "text") return data.values[row] ?? null;
  const number = data.values[row]!;
  return Number.isNaN(number) ? null : String(number);
}

/**
 * One key of JSON objects: text as is, numbers and booleans as text, objects and lists as JSON. `parsed`: the objects of
 * `texts` as far as another key has needed them; each is parsed once, whatever the number of keys.
 */
export function codedProperty(texts: Coded, parsed: unknown[], key: string, length: number): Coded {
  // Most rows do not have the key: searching for its name is far cheaper than parsing.
  const name = JSON.stringify(key);
  const interner = new Interner();
  const places = texts.dictionary.map((text, i) => {
    if (parsed[i] === undefined && !text?.includes(name)) return interner.codeOf(null);
    parsed[i] ??= JSON.parse(text ?? "null");
    return interner.codeOf(propertyOf(parsed[i], key));
  });
  const codes = new Int32Array(length);
  for (let row = 0; row < length; row++) codes[row] = places[texts.codes[row]!]!;
  return { codes, dictionary: interner.values };
}

function propertyOf(properties: unknown, key: string): Value {
  if (typeof properties !== "object" || properties === null || !Object.hasOwn(properties, key)) return null;
  return textOf(Reflect.get(properties, key));
}

/** The value of a property as text. */
export function textOf(value: unknown): Value {
  if (value === null || typeof value === "string") return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Several columns as one: an entry for each combination that occurs. */
export interface Tuples {
  codes: ArrayLike<number>;
  tuples: readonly (readonly Value[])[];
}

export function combine(columns: readonly Coded[], length: number): Tuples {
  const [first, ...others] = columns;
  if (!first) return { codes: new Uint8Array(length), tuples: [[]] };
  let combined: Tuples = { codes: first.codes, tuples: first.dictionary.map((value) => [value]) };
  for (const column of others) combined = pair(combined, column, length);
  return combined;
}

/** Up to this many pairs of entries are looked up in an array instead of a map. */
const MAX_DENSE = 2 ** 20;

function pair(left: Tuples, right: Coded, length: number): Tuples {
  const width = right.dictionary.length;
  const size = left.tuples.length * width;
  const known = size <= MAX_DENSE ? new Int32Array(size) : new Map<number, number>();
  const tuples: (readonly Value[])[] = [];
  const codes = new Int32Array(length);
  const { codes: lefts } = left;
  const { codes: rights } = right;
  const newCode = (row: number) =>
    tuples.push([...left.tuples[lefts[row]!]!, right.dictionary[rights[row]!]!]);
  // Codes are stored plus one: 0 is a pair that has not occurred.
  if (known instanceof Int32Array) {
    for (let row = 0; row < length; row++) {
      const both = lefts[row]! * width + rights[row]!;
      if (known[both] === 0) known[both] = newCode(row);
      codes[row] = known[both]! - 1;
    }
    return { codes, tuples };
  }
  for (let row = 0; row < length; row++) {
    const both = lefts[row]! * width + rights[row]!;
    let code = known.get(both);
    if (code === undefined) {
      code = newCode(row);
      known.set(both, code);
    }
    codes[row] = code - 1;
  }
  return { codes, tuples };
}
