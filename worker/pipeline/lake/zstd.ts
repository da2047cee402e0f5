/**
 * ZSTD through node:zlib, as one or more frames.
 *
 * workerd throws "Unexpected end of file" when a compressed frame would be larger than 40,960 bytes
 * (github.com/cloudflare/workerd/issues/6769, open, also in production), so larger input is cut into smaller frames.
 * Zstandard data is a sequence of frames (RFC 8878, 3), which every Parquet reader supports. node:zlib decompresses
 * only the first, so frames are separated here.
 * @module
 */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** Level 1: level 3 takes up to twice the time for about 2 % fewer bytes (README). */
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Input of this length always fits, even when it does not compress. */
const SAFE_BYTES = 40_000;
/** Target size of a compressed frame. */
const TARGET_BYTES = 30_000;
/** Size of workerd's first output buffer. */
const BUFFER_BYTES = 40_960;
const MAGIC = 0xfd2fb528;

/** Compresses into as many frames as needed. */
export function compress(bytes: Uint8Array): Uint8Array {
  if (bytes.length <= SAFE_BYTES) return zstdCompressSync(bytes, OPTIONS);
  const frames: Uint8Array[] = [];
  let size = SAFE_BYTES;
  for (let start = 0; start < bytes.length; ) {
    const end = Math.min(bytes.length, start + size);
    const frame = compressFrame(bytes.subarray(start, end));
    if (!frame) {
      size = SAFE_BYTES;
      continue;
    }
    frames.push(frame);
    size = Math.max(SAFE_BYTES, Math.floor(((end - start) / frame.length) * TARGET_BYTES));
    start = end;
  }
  return frames.length === 1 ? frames[0]! : join(frames);
}

function compressFrame(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length <= SAFE_BYTES) return zstdCompressSync(bytes, OPTIONS);
  try {
    return zstdCompressSync(bytes, OPTIONS);
  } catch {
    return undefined;
  }
}

/** Decompresses all frames. @throws when they do not make `size` bytes */
export function decompress(bytes: Uint8Array, size: number): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = frameEnd(bytes, start);
    frames.push(
      decompressFrame(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end), size),
    );
    start = end;
  }
  const whole = frames.length === 1 ? frames[0]! : join(frames);
  if (whole.length !== size) throw new Error(`lake: page of ${size} bytes decompressed to ${whole.length}`);
  return whole;
}

/**
 * workerd's output buffer starts at 40,960 bytes and doubles; a frame that fills it exactly throws "unexpected end of
 * file" (seen with workerd 1.20261023), for example 65,536 codes of 5 bits. A limit of exactly that size avoids it.
 */
function decompressFrame(frame: Uint8Array, most: number): Uint8Array {
  try {
    return zstdDecompressSync(frame);
  } catch (error) {
    for (let filled = BUFFER_BYTES; filled <= most; filled *= 2) {
      try {
        return zstdDecompressSync(frame, { maxOutputLength: filled });
      } catch {}
    }
    throw error;
  }
}

/** Offset after the frame that starts at `start`. Layout: RFC 8878, 3.1.1. */
function frameEnd(bytes: Uint8Array, start: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(start, true) !== MAGIC) throw new Error(`lake: no ZSTD frame at ${start}`);
  const descriptor = view.getUint8(start + 4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const dictionaryIdBytes = [0, 1, 2, 4][descriptor & 3]!;
  const contentSizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][descriptor >>> 6]!;
  let offset = start + 5 + (singleSegment ? 0 : 1) + dictionaryIdBytes + contentSizeBytes;
  for (let last = false; !last; ) {
    const header = view.getUint16(offset, true) | (view.getUint8(offset + 2) << 16);
    last = (header & 1) === 1;
    const runLength = ((header >>> 1) & 3) === 1;
    offset += 3 + (runLength ? 1 : header >>> 3);
  }
  return offset + (descriptor & 4 ? 4 : 0);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
