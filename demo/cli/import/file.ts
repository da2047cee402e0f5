/**
 * A file as a stream of text, decompressed if necessary.
 * @module
 */
import { createReadStream, statSync } from "node:fs";
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

/** Opens a file, plain or `.gz`. */
export function openFile(file: string): OpenFile {
  const bytes = sizeOf(file);
  const raw = createReadStream(file);
  const text = file.endsWith(".gz") ? createGunzip() : new PassThrough();
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
