/**
 * Text to and from Parquet's PLAIN byte arrays: a four-byte length, then UTF-8.
 * @module
 */
import { Buffer } from "node:buffer";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Calling the runtime's encoder costs more than a loop over this many characters. */
const SHORT_CHARS = 64;

/** A growing buffer of PLAIN byte arrays. */
export class TextSink {
  #bytes: Uint8Array;
  #length = 0;

  constructor(initialBytes = 4096) {
    this.#bytes = new Uint8Array(initialBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** The bytes written; valid until the next `append`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  /** Empties it; its memory is used again. */
  clear(): void {
    this.#length = 0;
  }

  append(text: string): void {
    const start = this.#length + 4;
    this.#ensure(start + text.length * 3);
    const end = writeUtf8(text, this.#bytes, start);
    this.#writeSize(end - start);
    this.#length = end;
  }

  /** Appends the current value of `source` without decoding it. */
  appendFrom(source: TextSource): void {
    const { bytes, start, end } = source;
    this.#ensure(this.#length + 4 + end - start);
    this.#bytes.set(bytes.subarray(start - 4, end), this.#length);
    this.#length += 4 + end - start;
  }

  #writeSize(size: number): void {
    const at = this.#length;
    this.#bytes[at] = size;
    this.#bytes[at + 1] = size >>> 8;
    this.#bytes[at + 2] = size >>> 16;
    this.#bytes[at + 3] = size >>> 24;
  }

  #ensure(size: number): void {
    if (size <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(size, this.#bytes.length * 2));
    grown.set(this.bytes);
    this.#bytes = grown;
  }
}

function writeUtf8(text: string, bytes: Uint8Array, at: number): number {
  if (text.length <= SHORT_CHARS) {
    let offset = at;
    for (let i = 0; i < text.length; i++) {
      const char = text.charCodeAt(i);
      if (char > 0x7f) return at + encoder.encodeInto(text, bytes.subarray(at)).written;
      bytes[offset++] = char;
    }
    return offset;
  }
  return at + encoder.encodeInto(text, bytes.subarray(at)).written;
}

/** Values of a PLAIN byte array page, visited in order and decoded to strings on demand. */
export class TextSource {
  readonly bytes: Uint8Array;
  /** The current value is the bytes `[start, end)`. */
  start = 0;
  end = 0;
  #latin1: string | undefined;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Makes the next value current. @throws at the end of the page */
  step(): void {
    const { bytes, end } = this;
    this.start = end + 4;
    if (this.start > bytes.length) throw new Error(`lake: text at ${end} is beyond ${bytes.length} bytes`);
    const size = bytes[end]! | (bytes[end + 1]! << 8) | (bytes[end + 2]! << 16) | (bytes[end + 3]! << 24);
    this.end = this.start + size;
  }

  /** Moves to the value whose length is at `offset`; `step` makes it current. */
  seek(offset: number): void {
    this.end = offset;
  }

  /** The current value. ASCII is sliced from one string of the whole page: ten times cheaper than a decoder call. */
  text(): string {
    const { bytes, start, end } = this;
    for (let i = start; i < end; i++) {
      if (bytes[i]! > 0x7f) return decoder.decode(bytes.subarray(start, end));
    }
    this.#latin1 ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    return this.#latin1.substring(start, end);
  }
}
