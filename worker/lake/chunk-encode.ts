/**
 * One column chunk: dictionary page and data pages (version 2) of one column in one row group.
 * @module
 */
import type { CompressionCodec, Encoding, PageHeader } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import type { Codes, ColumnData } from "./column-data.ts";
import { makeCodes } from "./column-data.ts";
import type { ColumnSpec } from "./columns.ts";
import { bitWidth, encodeHybrid, hybridBound } from "./hybrid.ts";
import { TextSink } from "./text.ts";
import { compress } from "./zstd.ts";

/** A text page ends at this many bytes, so that a merge can hold one page of each input. */
const TEXT_PAGE_BYTES = 512 * 1024;
/** A compressor call costs about 30 µs whatever its input: below this the saved bytes are not worth it. */
const COMPRESS_FROM_BYTES = 160;

export interface EncodedChunk {
  bytes: Uint8Array;
  codec: CompressionCodec;
  encodings: Encoding[];
  rows: number;
  nulls: number;
  uncompressedBytes: number;
  /** Bytes of the dictionary page with its header; 0 without one. */
  dictionaryBytes: number;
  /** Smallest and largest number; undefined for text and for nothing but nulls. */
  min?: number;
  max?: number;
}

interface Page {
  rows: number;
  nulls: number;
  levels: Uint8Array;
  encoding: Encoding;
  values: Uint8Array;
}

/** Encodes a column of one row group. */
export function encodeChunk(spec: ColumnSpec, data: ColumnData): EncodedChunk {
  if (data.kind === "dictionary") return encodeDictionary(spec, data.dictionary, data.codes);
  if (data.kind === "text") return assemble(textPages(spec, data.values));
  const page = numberPage(spec, data.values);
  return { ...assemble([page]), ...extremes(data.values) };
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
  if (used === 0) return assemble([{ ...page, encoding: "PLAIN", values: new Uint8Array(0) }]);
  const values = encodeCodes(packed, present, bitWidth(used));
  return assemble([{ ...page, encoding: "RLE_DICTIONARY", values }], { entries: used, bytes: sink.bytes });
}

function encodeCodes(codes: Codes, count: number, width: number): Uint8Array {
  const out = new Uint8Array(1 + hybridBound(count, width));
  out[0] = width;
  return out.subarray(0, encodeHybrid(codes, count, width, out, 1));
}

/** Definition levels: 1 present, 0 null. A required column has none. */
function encodeLevels(spec: ColumnSpec, levels: Uint8Array, nulls: number): Uint8Array {
  if (!spec.nullable) {
    if (nulls > 0) throw new Error(`lake: ${nulls} nulls in a required column`);
    return new Uint8Array(0);
  }
  const out = new Uint8Array(hybridBound(levels.length, 1));
  return out.subarray(0, encodeHybrid(levels, levels.length, 1, out, 0));
}

function textPages(spec: ColumnSpec, values: (string | null)[]): Page[] {
  const pages: Page[] = [];
  let start = 0;
  do {
    const sink = new TextSink(64 * 1024);
    const levels = new Uint8Array(values.length - start);
    let end = start;
    let nulls = 0;
    for (; end < values.length && sink.length < TEXT_PAGE_BYTES; end++) {
      const value = values[end];
      if (value === null || value === undefined) nulls++;
      else {
        levels[end - start] = 1;
        sink.append(value);
      }
    }
    const rows = end - start;
    const page = { rows, nulls, levels: encodeLevels(spec, levels.subarray(0, rows), nulls) };
    pages.push({ ...page, encoding: "PLAIN", values: sink.bytes });
    start = end;
  } while (start < values.length);
  return pages;
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
  const width = spec.type === "int32" ? 4 : 8;
  const out = new Uint8Array(values.length * width);
  const view = new DataView(out.buffer);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (width === 4 ? (value | 0) !== value : !Number.isSafeInteger(value)) {
      throw new Error(`lake: ${value} is no ${spec.type}`);
    }
    // Bit operations on a double take it modulo 2^32, which is the low word in two's complement.
    view.setInt32(i * width, value | 0, true);
    if (width === 8) view.setInt32(i * 8 + 4, Math.floor(value / 0x1_0000_0000), true);
  }
  return out;
}

function extremes(values: Float64Array): { min?: number; max?: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : {};
}

function assemble(pages: Page[], dictionary?: { entries: number; bytes: Uint8Array }): EncodedChunk {
  const raw = pages.reduce((sum, page) => sum + page.values.length, dictionary?.bytes.length ?? 0);
  const codec = raw >= COMPRESS_FROM_BYTES ? "ZSTD" : "UNCOMPRESSED";
  const out = new ByteWriter(1024 + (raw >>> 1));
  let uncompressedBytes = 0;
  const put = (levels: Uint8Array, values: Uint8Array, header: (size: number) => PageHeader) => {
    const packed = codec === "ZSTD" ? compress(values) : values;
    const start = out.offset;
    writePageHeader(out, header(packed.length));
    uncompressedBytes += out.offset - start + levels.length + values.length;
    out.appendBytes(levels);
    out.appendBytes(packed);
  };
  if (dictionary) put(new Uint8Array(0), dictionary.bytes, (size) => dictionaryHeader(dictionary, size));
  const dictionaryBytes = out.offset;
  for (const page of pages) put(page.levels, page.values, (size) => dataHeader(page, size, codec));
  return {
    bytes: out.getBytes(),
    codec,
    encodings: [...new Set<Encoding>(["RLE", ...(dictionary ? ["PLAIN" as const] : []), pages[0]!.encoding])],
    rows: pages.reduce((sum, page) => sum + page.rows, 0),
    nulls: pages.reduce((sum, page) => sum + page.nulls, 0),
    uncompressedBytes,
    dictionaryBytes,
  };
}

function dictionaryHeader(dictionary: { entries: number; bytes: Uint8Array }, size: number): PageHeader {
  return {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: dictionary.bytes.length,
    compressed_page_size: size,
    dictionary_page_header: { num_values: dictionary.entries, encoding: "PLAIN" },
  };
}

function dataHeader(page: Page, size: number, codec: CompressionCodec): PageHeader {
  return {
    type: "DATA_PAGE_V2",
    uncompressed_page_size: page.levels.length + page.values.length,
    compressed_page_size: page.levels.length + size,
    data_page_header_v2: {
      num_values: page.rows,
      num_nulls: page.nulls,
      num_rows: page.rows,
      encoding: page.encoding,
      definition_levels_byte_length: page.levels.length,
      repetition_levels_byte_length: 0,
      is_compressed: codec !== "UNCOMPRESSED",
    },
  };
}
