/**
 * Footers of segments: positions of the column chunks. Segments never change, so footers are cached in the isolate.
 * @module
 */
import { parquetMetadata } from "hyparquet";
import { Lru } from "../../lib/lru.ts";
import { SegmentGoneError, type SegmentInfo, segmentPath } from "./segment.ts";

/** A column chunk: the bytes `[start, end)` of the object. */
export interface ChunkPlace {
  start: number;
  end: number;
  codec: string;
  /** Before compression. */
  rawBytes: number;
  /** Smallest and largest value, for columns of numbers and timestamps. */
  min: number | undefined;
  max: number | undefined;
}

export interface GroupPlace {
  firstRow: number;
  rows: number;
  chunks: ReadonlyMap<string, ChunkPlace>;
}

/** Row groups of a segment, in order. */
export interface Footer {
  groups: readonly GroupPlace[];
}

/** The footer, and the end of the object that was fetched to get it. */
export interface FetchedFooter {
  footer: Footer;
  /** Bytes from `tailStart` to the end of the object; empty when the footer was cached. */
  tail: Uint8Array;
  tailStart: number;
  bytesRead: number;
}

/** The footer of one row group takes about 3 KB; five fit. */
const TAIL_BYTES = 16_384;
/** About 10 KB each when parsed. */
const MAX_FOOTERS = 400;
const footers = new Lru<string, Footer>({ maxEntries: MAX_FOOTERS });

/** Reads the footer of a segment, with at least the last `tailBytes` of the object when it must be fetched. */
export async function readFooter(
  lake: R2Bucket,
  segment: SegmentInfo,
  tailBytes = TAIL_BYTES,
): Promise<FetchedFooter> {
  const known = footers.get(segmentPath(segment.dataset, segment.level, segment.id));
  if (known) return { footer: known, tail: new Uint8Array(0), tailStart: segment.bytes, bytesRead: 0 };
  let tailStart = Math.max(0, segment.bytes - Math.max(tailBytes, TAIL_BYTES));
  let tail = await readRange(lake, segment, tailStart, segment.bytes);
  let bytesRead = tail.length;
  const needed = new DataView(tail.buffer, tail.byteOffset).getUint32(tail.length - 8, true) + 8;
  if (needed > tail.length) {
    tailStart = segment.bytes - needed;
    tail = await readRange(lake, segment, tailStart, segment.bytes);
    bytesRead += tail.length;
  }
  const footer = footerOf(tail);
  remember(segmentPath(segment.dataset, segment.level, segment.id), footer);
  return { footer, tail, tailStart, bytesRead };
}

/** Parses the footer from the end of a file. */
export function footerOf(bytes: Uint8Array): Footer {
  let firstRow = 0;
  const groups = parquetMetadata(bytes, { geoparquet: false }).row_groups.map((group) => {
    const chunks = new Map<string, ChunkPlace>();
    for (const { meta_data: chunk } of group.columns) {
      if (!chunk) throw new Error("lake: a column chunk has no metadata");
      const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
      const end = start + Number(chunk.total_compressed_size);
      const [min, max] = [numberOf(chunk.statistics?.min_value), numberOf(chunk.statistics?.max_value)];
      const rawBytes = Number(chunk.total_uncompressed_size);
      chunks.set(chunk.path_in_schema.join("."), { start, end, codec: chunk.codec, rawBytes, min, max });
    }
    const rows = Number(group.num_rows);
    firstRow += rows;
    return { firstRow: firstRow - rows, rows, chunks };
  });
  return { groups };
}

/** The library returns bounds of timestamps as dates and of INT64 as bigints. */
function numberOf(bound: unknown): number | undefined {
  if (bound instanceof Date || typeof bound === "bigint") return Number(bound);
  return typeof bound === "number" ? bound : undefined;
}

function remember(id: string, footer: Footer): void {
  footers.set(id, footer);
}

/** Reads bytes `[start, end)` of a segment's object. @throws SegmentGoneError when the object is gone */
export async function readRange(
  lake: R2Bucket,
  segment: SegmentInfo,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const path = segmentPath(segment.dataset, segment.level, segment.id);
  const object = await lake.get(path, { range: { offset: start, length: end - start } });
  if (!object) throw new SegmentGoneError(segment.id);
  return new Uint8Array(await object.arrayBuffer());
}
