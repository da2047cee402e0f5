/**
 * Pages of a column chunk: values with their definition levels, and the chunk made of them.
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

/** Puts a dictionary, if any, and data pages into one chunk. */
export function assembleChunk(
  pages: readonly Page[],
  dictionary?: { entries: number; bytes: Uint8Array },
): EncodedChunk {
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
    // Copied to size: a merge has the chunks of a whole object in memory, and the writer's buffer has unused space.
    bytes: out.getBytes().slice(),
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
