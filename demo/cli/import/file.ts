/**
 * A file as a stream of text, decompressed if necessary.
 * @module
 */
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";
import { createInterface } from "node:readline";
import { PassThrough, pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UsageError } from "../target.ts";

/** A file that is being read. */
export interface OpenFile {
  stream: Readable;
  /** Share that has been read, 0–1, by bytes on disk. */
  share(): number;
}

/** First bytes of compressed files that cannot be read. */
const UNREADABLE: Record<string, string> = {
  "425a68": "bzip2",
  "28b52ffd": "zstd",
  fd377a585a00: "xz",
  "504b0304": "zip",
};
const GZIP = "1f8b";

/** Opens a file, plain or gzip, whatever its name. @throws UsageError when it is compressed otherwise */
export function openFile(file: string): OpenFile {
  const bytes = sizeOf(file);
  const text = isGzip(file) ? createGunzip() : new PassThrough();
  const raw = createReadStream(file);
  // `pipeline` passes an error of either stream to the other, where the reader handles it.
  pipeline(raw, text, () => {});
  return { stream: text, share: () => (bytes ? raw.bytesRead / bytes : 1) };
}

/** Its lines, with `\n` or `\r\n` between them. */
export function linesOf(stream: Readable): AsyncIterable<string> {
  return createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (cause) {
    throw new UsageError(`${file} cannot be read.`, { cause });
  }
}

function isGzip(file: string): boolean {
  const first = firstBytes(file);
  const format = Object.entries(UNREADABLE).find(([magic]) => first.startsWith(magic))?.[1];
  if (format) throw new UsageError(`${file} is compressed with ${format}: decompress it first.`);
  return first.startsWith(GZIP);
}

/** The first six bytes as hexadecimal digits. */
function firstBytes(file: string): string {
  const buffer = Buffer.alloc(6);
  const descriptor = openSync(file, "r");
  try {
    return buffer.subarray(0, readSync(descriptor, buffer)).toString("hex");
  } finally {
    closeSync(descriptor);
  }
}
