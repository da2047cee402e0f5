/**
 * Encodes one column of one row group into its chunk: a dictionary page and data pages (version 2).
 * @module
 */
import type { Codes, ColumnData } from "./column-data.ts";
import { makeCodes } from "./column-data.ts";
import type { ColumnSpec } from "./columns.ts";
import { bitWidth, encodeHybrid, hybridBound } from "./hybrid.ts";
import { ChunkWriter, chunkOfPage, type EncodedChunk, encodeLevels, type Page } from "./page.ts";
import { TextSink, type TextSource } from "./text.ts";

/** A text page ends at this many bytes, so that a merge can hold one page of each input. */
const TEXT_PAGE_BYTES = 512 * 1024;

/** Encodes a column of one row group. @throws on a value that the column's type does not allow */
export function encodeChunk(spec: ColumnSpec, data: ColumnData): EncodedChunk {
  if (data.kind === "dictionary") return encodeDictionary(spec, data.dictionary, data.codes);
  if (data.kind === "number") {
    return { ...chunkOfPage(numberPage(spec, data.values)), ...extremes(spec, data.values) };
  }
  const pages = new TextPages(spec, data.values.length);
  for (const value of data.values) pages.add(value);
  return pages.finish();
}

function encodeDictionary(spec: ColumnSpec, dictionary: (string | null)[], codes: Codes): EncodedChunk {
  const rows = codes.length;
  const levels = new Uint8Array(rows);
  const packed = makeCodes(dictionary.length, rows);
  const entries = new Int32Array(dictionary.length).fill(-1);
  const sink = new TextSink();
  let used = 0;
  let present = 0;
  for (let row = 0; row < rows; row++) {
    const code = codes[row]!;
    let entry = entries[code]!;
    if (entry === -1) {
      const value = dictionary[code];
      if (value === null || value === undefined) entry = -2;
      else {
        sink.append(value);
        entry = used++;
      }
      entries[code] = entry;
    }
    if (entry < 0) continue;
    levels[row] = 1;
    packed[present++] = entry;
  }
  const page = { rows, nulls: rows - present, levels: encodeLevels(spec, levels, rows - present) };
  if (used === 0) return chunkOfPage({ ...page, encoding: "PLAIN", values: new Uint8Array(0) });
  const values = encodeCodes(packed, present, bitWidth(used));
  return chunkOfPage({ ...page, encoding: "RLE_DICTIONARY", values }, { entries: used, bytes: sink.bytes });
}

function encodeCodes(codes: Codes, count: number, width: number): Uint8Array {
  const out = new Uint8Array(1 + hybridBound(count, width));
  out[0] = width;
  return out.subarray(0, encodeHybrid(codes, count, width, out, 1));
}

/** Collects a text column value by value and cuts it into pages. */
export class TextPages {
  readonly #spec: ColumnSpec;
  readonly #levels: Uint8Array;
  #writer: ChunkWriter | undefined;
  #sink = new TextSink(65_536);
  #rows = 0;
  #nulls = 0;

  /** `rows` is the most that will be added. */
  constructor(spec: ColumnSpec, rows: number) {
    this.#spec = spec;
    this.#levels = new Uint8Array(rows);
  }

  /** Adds a value, or the current one of a source. */
  add(value: string | TextSource | null): void {
    if (value === null) this.#nulls++;
    else if (typeof value === "string") this.#sink.append(value);
    else this.#sink.appendFrom(value);
    this.#levels[this.#rows++] = value === null ? 0 : 1;
    if (this.#sink.length >= TEXT_PAGE_BYTES) this.#close();
  }

  #close(): ChunkWriter {
    const [rows, nulls] = [this.#rows, this.#nulls];
    const levels = encodeLevels(this.#spec, this.#levels.subarray(0, rows), nulls);
    this.#writer ??= new ChunkWriter(this.#sink.length);
    this.#writer.add({ rows, nulls, levels, encoding: "PLAIN", values: this.#sink.bytes });
    this.#sink.clear();
    this.#rows = 0;
    this.#nulls = 0;
    return this.#writer;
  }

  /** The chunk of all values added. */
  finish(): EncodedChunk {
    const writer = this.#rows > 0 || !this.#writer ? this.#close() : this.#writer;
    return writer.finish();
  }
}

function numberPage(spec: ColumnSpec, values: Float64Array): Page {
  const rows = values.length;
  const levels = new Uint8Array(rows);
  const present = new Float64Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    levels[row] = 1;
    present[count++] = value;
  }
  const nulls = rows - count;
  const plain = encodePlain(spec, present.subarray(0, count));
  return { rows, nulls, levels: encodeLevels(spec, levels, nulls), encoding: "PLAIN", values: plain };
}

function encodePlain(spec: ColumnSpec, values: Float64Array): Uint8Array {
  if (spec.type === "boolean") {
    const out = new Uint8Array((values.length + 7) >>> 3);
    for (let i = 0; i < values.length; i++) if (values[i]) out[i >>> 3]! |= 1 << (i & 7);
    return out;
  }
  if (spec.type === "double") return encodeDoubles(values);
  const width = spec.type === "int32" ? 4 : 8;
  const out = new Uint8Array(values.length * width);
  const view = new DataView(out.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (width === 4 ? (value | 0) !== value : !Number.isSafeInteger(value)) {
      throw new Error(`lake: ${value} is not of type ${spec.type}`);
    }
    // Bit operations on a double take it modulo 2^32, which is the low word in two's complement.
    view.setInt32(i * width, value | 0, true);
    if (width === 8) view.setInt32(i * 8 + 4, Math.floor(value / 0x1_0000_0000), true);
  }
  return out;
}

function encodeDoubles(values: Float64Array): Uint8Array {
  for (const value of values) if (!Number.isFinite(value)) throw new Error(`lake: ${value} is not a double`);
  // The format and all supported platforms are little-endian.
  return new Uint8Array(values.slice().buffer);
}

function extremes(spec: ColumnSpec, values: Float64Array): { min?: number; max?: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (min > max) return {};
  // -0 and 0 are equal here and not to every reader: bounds must include both (parquet.thrift, ColumnOrder).
  return spec.type === "double" ? { min: min === 0 ? -0 : min, max: max === 0 ? 0 : max } : { min, max };
}
