/**
 * A batch of rows for aggregators: dimensions, masks and joins are computed once, however many queries share the scan.
 * @module
 */

import type { Steps } from "../../../../lib/yield";
import type { ColumnData } from "../../../../pipeline/lake";
import { hashOf } from "../../../../pipeline/rollup";
import { DATASETS, type Dataset, findField, isUnknown, numberIn } from "../../../metrics";
import { dimensionNamed, relatedDimension } from "../../dataset-columns";
import type { CheckedFilter } from "../../parse/filter";
import { type Coded, codedOf, codedProperty, combine, type Tuples } from "./coded";
import { both, maskOf } from "./mask";
import type { SessionIndex } from "./session-index";

/** Prefix of the names of properties. */
const PROPERTY = "property:";
/** Work, in the bytes of `plan/cost.ts`: of a row's properties besides their text, and of a property of a row. */
const PARSE_WORK = 64;
const PROPERTY_WORK = 16;

/** Rows of one dataset, sorted by its time column. */
export interface Batch {
  length: number;
  columns: Record<string, ColumnData>;
  /** 1 for each row that counts; null for all. */
  alive: Uint8Array | null;
}

export class BatchView {
  readonly times: Float64Array;
  readonly #made = new Map<string, unknown>();

  constructor(
    readonly dataset: Dataset,
    readonly batch: Batch,
    /** Sessions that the rows of `events` belong to. */
    readonly index: SessionIndex | null,
  ) {
    this.times = this.numbers(dataset.time);
  }

  get length(): number {
    return this.batch.length;
  }

  numbers(column: string): Float64Array {
    const data = this.#column(column);
    if (data.kind !== "number") throw new Error(`query: ${column} is not a number`);
    return data.values;
  }

  /** A column of the rows themselves. */
  column(name: string): Coded {
    return this.#once(`column ${name}`, () => codedOf(this.#column(name), this.length));
  }

  /** Hashes of a column's entries, by code. */
  hashes(name: string): Float64Array {
    return this.#once(`hashes ${name}`, () =>
      Float64Array.from(this.column(name).dictionary, (value) => (value === null ? 0 : hashOf(value))),
    );
  }

  /** A dimension of the dataset. */
  dimension(name: string): Coded {
    return this.#once(`dimension ${name}`, () => {
      const dimension = dimensionNamed(this.dataset, name);
      const { origin } = dimension;
      if (origin.kind === "column")
        return origin.flag ? this.#flags(origin.column) : this.column(origin.column);
      if (origin.kind === "property") {
        return codedProperty(
          this.column(origin.column),
          this.#parsed(origin.column),
          origin.key,
          this.length,
        );
      }
      const related = relatedDimension(dimension).origin;
      if (related.kind !== "column" || !this.index) throw new Error(`query: ${name} cannot be joined`);
      return this.index.columnOf(related.column, this.sessions());
    });
  }

  /** Parses the rows that have some of the properties among the dimensions, in steps, before `dimension` needs them. */
  *parseProperties(dimensions: Iterable<string>): Steps {
    const own = [...new Set(dimensions)].filter((name) => name.startsWith(PROPERTY));
    const keys = own.map((name) => name.slice(PROPERTY.length));
    const origin = this.dataset.property?.(keys[0] ?? "").origin;
    if (!keys.length || origin?.kind !== "property") return;
    const { dictionary } = this.column(origin.column);
    const parsed = this.#parsed(origin.column);
    const names = keys.map((key) => JSON.stringify(key));
    for (const [i, text] of dictionary.entries()) {
      if (text !== null && names.some((name) => text.includes(name))) parsed[i] = JSON.parse(text);
      yield PARSE_WORK + (text?.length ?? 0);
    }
    for (const name of own) {
      this.dimension(name);
      yield PROPERTY_WORK * this.length;
    }
  }

  #parsed(column: string): unknown[] {
    return this.#once(`parsed ${column}`, (): unknown[] => []);
  }

  /** The number of each row in a field, NaN without one. */
  fieldNumbers(name: string): Float64Array {
    return this.#once(`numbers ${name}`, () => {
      const field = findField(this.dataset, name);
      if (isUnknown(field)) throw new Error(`query: field ${name} was not checked`);
      const numbers = new Float64Array(this.length);
      if ("number" in field) {
        const { column, less } = field.number;
        const plus = this.numbers(column);
        if (less === undefined) return plus;
        const minus = this.numbers(less);
        for (let row = 0; row < numbers.length; row++) numbers[row] = plus[row]! - minus[row]!;
        return numbers;
      }
      const { codes, dictionary } = this.dimension(name);
      const entries = Float64Array.from(dictionary, numberIn);
      for (let row = 0; row < numbers.length; row++) numbers[row] = entries[codes[row]!]!;
      return numbers;
    });
  }

  /** The value of each row in a field, to count distinct values; numbers as text. */
  fieldValues(name: string): Coded {
    const field = findField(this.dataset, name);
    if (isUnknown(field) || !("number" in field)) return this.dimension(name);
    return this.#once(`values ${name}`, () =>
      codedOf({ kind: "number", values: this.fieldNumbers(name) }, this.length),
    );
  }

  tuples(dimensions: readonly string[]): Tuples {
    return this.#once(`tuples ${JSON.stringify(dimensions)}`, () =>
      combine(
        dimensions.map((name) => this.dimension(name)),
        this.length,
      ),
    );
  }

  /** Index of the session of each row, -1 without one. */
  sessions(): Int32Array {
    return this.#once("sessions", () => {
      if (!this.index) throw new Error("query: no sessions were read");
      return this.index.placesOf(this);
    });
  }

  /** Rows that count and pass a filter; null for all. */
  mask(filter: CheckedFilter | null, except: Dataset["except"]): Uint8Array | null {
    return this.#once(`mask ${JSON.stringify(filter)}`, () => {
      const { length } = this;
      const passing = filter && maskOf(filter, length, (name) => this.dimension(name));
      return both(both(this.batch.alive, passing), except ? this.#without(except) : null);
    });
  }

  #flags(name: string): Coded {
    const numbers = this.numbers(name);
    return { codes: Uint8Array.from(numbers, (number) => (number ? 1 : 0)), dictionary: ["false", "true"] };
  }

  #without({ column, value }: NonNullable<Dataset["except"]>): Uint8Array | null {
    const { codes, dictionary } = this.column(column);
    const left = dictionary.indexOf(value);
    if (left < 0) return null;
    const mask = new Uint8Array(this.length);
    for (let row = 0; row < mask.length; row++) mask[row] = codes[row] === left ? 0 : 1;
    return mask;
  }

  #column(name: string): ColumnData {
    const data = this.batch.columns[name];
    if (!data) throw new Error(`query: column ${name} of ${this.dataset.name} was not read`);
    return data;
  }

  #once<T>(key: string, make: () => T): T {
    if (this.#made.has(key)) return this.#made.get(key) as T;
    const made = make();
    this.#made.set(key, made);
    return made;
  }
}

/** The view of a batch of a dataset of the lake. */
export function viewOf(dataset: string, batch: Batch, index: SessionIndex | null): BatchView {
  return new BatchView(DATASETS[dataset]!, batch, index);
}
