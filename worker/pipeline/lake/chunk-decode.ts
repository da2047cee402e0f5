/**
 * Decodes column chunks into `ColumnData`. Reads what `chunk-encode` writes: one optional dictionary page, then data
 * pages of version 2 in PLAIN or RLE_DICTIONARY.
 * @module
 */
import type { PageHeader } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { atOnce, type Steps } from "../../lib/yield.ts";
import { type Codes, type ColumnData, makeCodes } from "./column-data.ts";
import type { ColumnSpec } from "./columns.ts";
import { decodeHybrid } from "./hybrid.ts";
import { TextSource } from "./text.ts";
import { decompress } from "./zstd.ts";

/** A data page; its values are decompressed on demand. */
export interface DataPage {
  rows: number;
  nulls: number;
  /** 1 present, 0 null; undefined when no value is null. */
  levels: Uint8Array | undefined;
  values(): Uint8Array;
}

/** A dictionary page: `entries` PLAIN texts. */
export interface DictionaryPage {
  entries: number;
  bytes: Uint8Array;
}

/** Rows `[from, to)` of a chunk of `rows` rows. `wanted`: of JSON, only that of these rows (1), counted from `from`. */
export interface ChunkRows {
  rows: number;
  from?: number;
  to?: number;
  wanted?: Uint8Array | undefined;
}

/** Decoding an entry of a dictionary takes as long as so many bytes of a page. */
const ENTRY_BYTES = 16;

/** Decodes rows of a chunk at once. */
export function decodeChunk(bytes: Uint8Array, codec: string, spec: ColumnSpec, rows: ChunkRows): ColumnData {
  return atOnce(decodeSteps(bytes, codec, spec, rows));
}

/** Decodes rows of a chunk in steps of a page of text or a whole column of codes or numbers; their work is in bytes. */
export function* decodeSteps(
  bytes: Uint8Array,
  codec: string,
  spec: ColumnSpec,
  { rows, from = 0, to = rows, wanted }: ChunkRows,
): Steps<ColumnData> {
  if (spec.type === "text" || spec.type === "json") {
    const { pages } = readPages(bytes, codec);
    return yield* decodeText(pages, from, to, spec.type === "json" ? wanted : undefined);
  }
  const data =
    spec.type === "dictionary"
      ? decodeDictionary(bytes, codec, rows, from, to)
      : decodeNumbers(spec, readPages(bytes, codec).pages, from, to);
  yield 8 * (to - from) + ENTRY_BYTES * (data.kind === "dictionary" ? data.dictionary.length : 0);
  return data;
}

/** The pages of a chunk. */
export function readPages(
  bytes: Uint8Array,
  codec: string,
): { dictionary: DictionaryPage; pages: DataPage[] } {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  let dictionary: DictionaryPage = { entries: 0, bytes: new Uint8Array(0) };
  const pages: DataPage[] = [];
  while (reader.offset < bytes.length) {
    const header = parquetHeader(reader);
    const body = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size);
    reader.offset += header.compressed_page_size;
    if (header.dictionary_page_header) {
      const entries = header.dictionary_page_header.num_values;
      dictionary = { entries, bytes: inflate(body, codec, header.uncompressed_page_size) };
    } else pages.push(readPage(header, body, codec));
  }
  return { dictionary, pages };
}

function readPage(header: PageHeader, body: Uint8Array, codec: string): DataPage {
  const page = header.data_page_header_v2;
  if (!page) throw new Error(`lake: unexpected page ${header.type}`);
  const levelBytes = page.definition_levels_byte_length;
  let levels: Uint8Array | undefined;
  if (page.num_nulls > 0) {
    levels = new Uint8Array(page.num_values);
    decodeHybrid(body.subarray(0, levelBytes), 0, 1, levels, 0, page.num_values);
  }
  const pageCodec = page.is_compressed === false ? "UNCOMPRESSED" : codec;
  const size = header.uncompressed_page_size - levelBytes;
  const values = () => inflate(body.subarray(levelBytes), pageCodec, size);
  return { rows: page.num_values, nulls: page.num_nulls, levels, values };
}

function inflate(bytes: Uint8Array, codec: string, size: number): Uint8Array {
  if (codec === "UNCOMPRESSED" || size === 0) return bytes.subarray(0, size);
  if (codec === "ZSTD") return decompress(bytes, size);
  throw new Error(`lake: codec ${codec} is not supported`);
}

/** Codes of a whole dictionary chunk, and the dictionary still as bytes. Null is the code `dictionary.entries`. */
export function decodeCodes(
  bytes: Uint8Array,
  codec: string,
  rows: number,
): { dictionary: DictionaryPage; codes: Codes; nulls: number } {
  const { dictionary, pages } = readPages(bytes, codec);
  const codes = makeCodes(dictionary.entries + 1, rows);
  let nulls = 0;
  let row = 0;
  for (const page of pages) {
    decodePageCodes(page, codes, row, dictionary.entries);
    nulls += page.nulls;
    row += page.rows;
  }
  return { dictionary, codes, nulls };
}

function decodePageCodes(page: DataPage, codes: Codes, row: number, nullCode: number): void {
  const present = page.rows - page.nulls;
  if (present === 0) {
    codes.fill(nullCode, row, row + page.rows);
    return;
  }
  const values = page.values();
  decodeHybrid(values, 1, values[0]!, codes, row, present);
  const { levels } = page;
  if (!levels) return;
  // From the end, in place: a value only ever moves toward the end.
  let next = row + present;
  for (let i = page.rows - 1; i >= 0; i--) codes[row + i] = levels[i] ? codes[--next]! : nullCode;
}

function decodeDictionary(
  bytes: Uint8Array,
  codec: string,
  rows: number,
  from: number,
  to: number,
): ColumnData {
  const { dictionary: page, codes, nulls } = decodeCodes(bytes, codec, rows);
  if (from > 0 || to < rows) return narrow(page, codes.subarray(from, to));
  const dictionary = textsOf(page);
  if (nulls > 0) dictionary.push(null);
  return { kind: "dictionary", dictionary, codes };
}

/** Drops entries that the codes do not use, so that other projects' values are neither decoded nor returned. */
function narrow(page: DictionaryPage, codes: Codes): ColumnData {
  const places = new Int32Array(page.entries + 1).fill(-1);
  for (let i = 0; i < codes.length; i++) places[codes[i]!] = 0;
  const dictionary = textsOf(page, places);
  let used = 0;
  for (let i = 0; i < page.entries; i++) if (places[i] === 0) places[i] = used++;
  if (places[page.entries] === 0) places[page.entries] = dictionary.push(null) - 1;
  const narrowed = makeCodes(dictionary.length, codes.length);
  for (let i = 0; i < codes.length; i++) narrowed[i] = places[codes[i]!]!;
  return { kind: "dictionary", dictionary, codes: narrowed };
}

/** Entries of a dictionary page; of `wanted`, when given, only those that are not -1. */
function textsOf({ entries, bytes }: DictionaryPage, wanted?: Int32Array): (string | null)[] {
  const texts = new TextSource(bytes);
  const dictionary: (string | null)[] = [];
  for (let i = 0; i < entries; i++) {
    texts.step();
    if (!wanted || wanted[i] !== -1) dictionary.push(texts.text());
  }
  return dictionary;
}

function* decodeText(
  pages: DataPage[],
  from: number,
  to: number,
  wanted: Uint8Array | undefined,
): Steps<ColumnData> {
  const values = new Array<string | null>(to - from).fill(null);
  let row = 0;
  for (const page of pages) {
    const start = row;
    row += page.rows;
    if (row <= from || start >= to) continue;
    if (wanted && !wanted.subarray(Math.max(0, start - from), row - from).includes(1)) continue;
    const texts = new TextSource(page.values());
    const end = Math.min(page.rows, to - start);
    for (let i = 0; i < end; i++) {
      const present = !page.levels || page.levels[i] === 1;
      if (present) texts.step();
      const at = start + i - from;
      if (present && at >= 0 && (!wanted || wanted[at])) values[at] = texts.text();
    }
    yield texts.bytes.length;
  }
  return { kind: "text", values };
}

function decodeNumbers(spec: ColumnSpec, pages: DataPage[], from: number, to: number): ColumnData {
  const values = new Float64Array(to - from);
  let row = 0;
  for (const page of pages) {
    const start = row;
    row += page.rows;
    if (row <= from || start >= to) continue;
    const present = readPlain(spec, page.values(), page.rows - page.nulls);
    const all = page.levels ? spread(present, page.levels) : present;
    const first = Math.max(0, from - start);
    values.set(all.subarray(first, Math.min(page.rows, to - start)), start + first - from);
  }
  return { kind: "number", values };
}

function spread(present: Float64Array, levels: Uint8Array): Float64Array {
  const all = new Float64Array(levels.length);
  let next = 0;
  for (let i = 0; i < levels.length; i++) all[i] = levels[i] === 1 ? present[next++]! : Number.NaN;
  return all;
}

function readPlain(spec: ColumnSpec, bytes: Uint8Array, count: number): Float64Array {
  const values = new Float64Array(count);
  if (spec.type === "boolean") {
    for (let i = 0; i < count; i++) values[i] = (bytes[i >>> 3]! >>> (i & 7)) & 1;
    return values;
  }
  // Typed arrays must start at a multiple of their element's size. The format and all supported platforms are
  // little-endian.
  const size = spec.type === "double" ? 8 : 4;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  if (spec.type === "double") {
    values.set(new Float64Array(aligned.buffer, aligned.byteOffset, count));
    return values;
  }
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
  if (spec.type === "int32") values.set(words.subarray(0, count));
  else {
    for (let i = 0; i < count; i++) values[i] = words[2 * i + 1]! * 0x1_0000_0000 + (words[2 * i]! >>> 0);
  }
  return values;
}
