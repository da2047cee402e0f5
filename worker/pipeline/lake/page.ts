/**
 * Pages of a column chunk: values with their definition levels, and the chunk that is made of them.
 * @module
 */
import type { CompressionCodec, Encoding, PageHeader } from "hyparquet";
import { ByteWriter } from "hyparquet-writer";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import type { ColumnSpec } from "./columns.ts";
import { encodeHybrid, hybridBound } from "./hybrid.ts";
import { compress } from "./zstd.ts";

/** A compressor call costs about 30 µs whatever its input: below this the saved bytes are not worth it. */
const COMPRESS_FROM_BYTES = 512;

/** A data page before it is compressed. */
export interface Page {
  rows: number;
  nulls: number;
  /** Encoded definition levels. */
  levels: Uint8Array;
  encoding: Encoding;
  values: Uint8Array;
}

/** A column chunk as stored in the file. */
export interface EncodedChunk {
  bytes: Uint8Array;
  codec: CompressionCodec;
  encodings: Encoding[];
  rows: number;
  nulls: number;
  uncompressedBytes: number;
  /** Bytes of the dictionary page with its header; 0 without one. */
  dictionaryBytes: number;
  /** Smallest and largest number; undefined for text, and when all values are null. */
  min?: number;
  max?: number;
}

/** Definition levels: 1 present, 0 null. A required column has none. @throws on a null in a required column */
export function encodeLevels(spec: ColumnSpec, levels: Uint8Array, nulls: number): Uint8Array {
  if (!spec.nullable) {
    if (nulls > 0) throw new Error(`lake: ${nulls} nulls in a required column`);
    return new Uint8Array(0);
  }
  const out = new Uint8Array(hybridBound(levels.length, 1));
  return out.subarray(0, encodeHybrid(levels, levels.length, 1, out, 0));
}

/** One chunk, page by page: a page is compressed when it is added, so that only one is in memory uncompressed. */
export class ChunkWriter {
  readonly #codec: CompressionCodec;
  readonly #out: ByteWriter;
  readonly #encodings = new Set<Encoding>(["RLE"]);
  #rows = 0;
  #nulls = 0;
  #uncompressedBytes = 0;
  #dictionaryBytes = 0;

  /** `rawBytes`: of all values, or the least that there will be. */
  constructor(rawBytes: number) {
    this.#codec = rawBytes >= COMPRESS_FROM_BYTES ? "ZSTD" : "UNCOMPRESSED";
    this.#out = new ByteWriter(1024 + (rawBytes >>> 1));
  }

  /** Adds the dictionary page, before any data page. */
  addDictionary(entries: number, bytes: Uint8Array): void {
    this.#put(new Uint8Array(0), bytes, (size) => dictionaryHeader(entries, bytes, size));
    this.#dictionaryBytes = this.#out.offset;
    this.#encodings.add("PLAIN");
  }

  add(page: Page): void {
    this.#put(page.levels, page.values, (size) => dataHeader(page, size, this.#codec));
    this.#encodings.add(page.encoding);
    this.#rows += page.rows;
    this.#nulls += page.nulls;
  }

  finish(): EncodedChunk {
    return {
      // Copied to size: a merge has the chunks of a whole object in memory, and the writer's buffer has unused space.
      bytes: this.#out.getBytes().slice(),
      codec: this.#codec,
      encodings: [...this.#encodings],
      rows: this.#rows,
      nulls: this.#nulls,
      uncompressedBytes: this.#uncompressedBytes,
      dictionaryBytes: this.#dictionaryBytes,
    };
  }

  #put(levels: Uint8Array, values: Uint8Array, header: (size: number) => PageHeader): void {
    const packed = this.#codec === "ZSTD" ? compress(values) : values;
    const start = this.#out.offset;
    writePageHeader(this.#out, header(packed.length));
    this.#uncompressedBytes += this.#out.offset - start + levels.length + values.length;
    this.#out.appendBytes(levels);
    this.#out.appendBytes(packed);
  }
}

/** The chunk of one data page, with its dictionary, if any. */
export function chunkOfPage(page: Page, dictionary?: { entries: number; bytes: Uint8Array }): EncodedChunk {
  const writer = new ChunkWriter(page.values.length + (dictionary?.bytes.length ?? 0));
  if (dictionary) writer.addDictionary(dictionary.entries, dictionary.bytes);
  writer.add(page);
  return writer.finish();
}

function dictionaryHeader(entries: number, bytes: Uint8Array, size: number): PageHeader {
  return {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: bytes.length,
    compressed_page_size: size,
    dictionary_page_header: { num_values: entries, encoding: "PLAIN" },
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
