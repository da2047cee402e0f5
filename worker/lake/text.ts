/**
 * Text to and from Parquet's PLAIN byte arrays: a four-byte length, then UTF-8.
 * @module
 */
import { Buffer } from "node:buffer";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Crossing into the runtime's encoder costs more than a loop over this many characters. */
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

  /** What was written; valid until the next `append`. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  append(text: string): void {
    const start = this.#length + 4;
    this.#ensure(start + text.length * 3);
    const end = writeUtf8(text, this.#bytes, start);
    const size = end - start;
    const bytes = this.#bytes;
    bytes[start - 4] = size;
    bytes[start - 3] = size >>> 8;
    bytes[start - 2] = size >>> 16;
    bytes[start - 1] = size >>> 24;
    this.#length = end;
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

/** Values of a PLAIN byte array page, walked in order and turned into strings only when asked for. */
export class TextSource {
  readonly #bytes: Uint8Array;
  #latin1: string | undefined;
  #offset: number;

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  #size(): number {
    const bytes = this.#bytes;
    const at = this.#offset;
    if (at + 4 > bytes.length)
      throw new Error(`lake: text at ${at} is beyond the page's ${bytes.length} bytes`);
    return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
  }

  /** Steps over the next value. */
  skip(): void {
    this.#offset += 4 + this.#size();
  }

  /** The next value. ASCII is cut from one string of the whole page: 10 times cheaper than a decoder call each. */
  next(): string {
    const start = this.#offset + 4;
    const end = start + this.#size();
    const bytes = this.#bytes;
    this.#offset = end;
    for (let i = start; i < end; i++) {
      if (bytes[i]! > 0x7f) return decoder.decode(bytes.subarray(start, end));
    }
    this.#latin1 ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
    return this.#latin1.substring(start, end);
  }
}
