/**
 * Parquet's RLE / bit-packed hybrid: runs of eight or more equal values as (count, value), the rest packed.
 * Source: Apache Parquet, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid (RLE = 3)".
 * @module
 */
import type { Codes } from "./column-data.ts";

/** Bits needed for codes below `entries`; at least one, as Arrow writes it. */
export function bitWidth(entries: number): number {
  return Math.max(1, 32 - Math.clz32(Math.max(0, entries - 1)));
}

/** Upper bound of the bytes that `encodeHybrid` writes. */
export function hybridBound(count: number, width: number): number {
  return (Math.ceil(count / 8) + 1) * (5 + Math.max(4, width));
}

/** Writes the first `count` values at `at` and returns the offset after them. `width` is at most 24. */
export function encodeHybrid(values: Codes, count: number, width: number, out: Uint8Array, at: number) {
  let offset = at;
  let packedFrom = -1;
  let i = 0;
  while (i < count) {
    const run = runLength(values, i, count);
    if (run >= 8) {
      if (packedFrom >= 0) offset = packGroups(values, packedFrom, i, width, out, offset);
      packedFrom = -1;
      offset = writeVarint(out, offset, run << 1);
      for (let bits = 0; bits < width; bits += 8) out[offset++] = values[i]! >>> bits;
      i += run;
    } else {
      if (packedFrom < 0) packedFrom = i;
      i += 8;
    }
  }
  return packedFrom >= 0 ? packGroups(values, packedFrom, count, width, out, offset) : offset;
}

function runLength(values: Codes, from: number, count: number): number {
  const value = values[from];
  let end = from + 1;
  while (end < count && values[end] === value) end++;
  return end - from;
}

/**
 * Packs `values[from, to)`; `to` is at a multiple of eight or at the end, where the last group is filled with zeros.
 */
function packGroups(values: Codes, from: number, to: number, width: number, out: Uint8Array, at: number) {
  const groups = (to - from + 7) >>> 3;
  let offset = writeVarint(out, at, (groups << 1) | 1);
  const end = offset + groups * width;
  let buffer = 0;
  let bits = 0;
  for (let i = from; i < to; i++) {
    buffer |= values[i]! << bits;
    bits += width;
    while (bits >= 8) {
      out[offset++] = buffer;
      buffer >>>= 8;
      bits -= 8;
    }
  }
  if (bits > 0) out[offset++] = buffer;
  out.fill(0, offset, end);
  return end;
}

/** LEB128; returns the offset after it. */
function writeVarint(out: Uint8Array, at: number, value: number): number {
  let offset = at;
  let rest = value;
  while (rest > 0x7f) {
    out[offset++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  out[offset++] = rest;
  return offset;
}

/** Reads `count` values from `bytes[at…]` into `out[to…]`. */
export function decodeHybrid(
  bytes: Uint8Array,
  at: number,
  width: number,
  out: Codes,
  to: number,
  count: number,
) {
  let offset = at;
  let next = to;
  const end = to + count;
  while (next < end) {
    let header = 0;
    for (let shift = 0; ; shift += 7) {
      if (offset >= bytes.length) throw new Error(`lake: hybrid run at ${offset} is beyond ${bytes.length}`);
      const byte = bytes[offset++]!;
      header |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (header & 1) {
      const groups = header >>> 1;
      unpack(bytes, offset, width, out, next, Math.min(groups * 8, end - next));
      offset += groups * width;
      next += groups * 8;
    } else {
      let value = 0;
      for (let bits = 0; bits < width; bits += 8) value |= bytes[offset++]! << bits;
      const runEnd = Math.min(end, next + (header >>> 1));
      out.fill(value, next, runEnd);
      next = runEnd;
    }
  }
}

function unpack(bytes: Uint8Array, at: number, width: number, out: Codes, to: number, count: number) {
  const mask = (1 << width) - 1;
  const end = to + count;
  let offset = at;
  let buffer = 0;
  let bits = 0;
  for (let i = to; i < end; i++) {
    while (bits < width) {
      buffer |= bytes[offset++]! << bits;
      bits += 8;
    }
    out[i] = buffer & mask;
    buffer >>>= width;
    bits -= width;
  }
}
