/**
 * A request's body: inflated, measured and parsed as JSON. The size limit applies while inflating: a few kilobytes
 * of gzip can expand to a gigabyte.
 * @module
 */
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import type { ProblemCode } from "../../../schema/wire/error";
import { type IngestBody, ingestBodySchema, MAX_BODY_BYTES } from "../../../schema/wire/event";
import { guardJson } from "../../lib/json-guard";
import type { Outcome, Refusal } from "../../lib/refusal";

type ByteStream = ReadableStream<Uint8Array<ArrayBuffer>>;

/** A body as HTTP delivers it. `length` is `Content-Length`, null when unknown; `encoding` is `Content-Encoding`. */
export interface BodySource {
  stream: ByteStream | null;
  encoding: string | null;
  length: number | null;
}

const refuse = (
  code: ProblemCode,
  detail: string,
  errors?: Refusal["errors"],
): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code, detail, errors },
});

const TOO_LARGE = refuse("body_too_large", `The body exceeds ${MAX_BODY_BYTES} bytes after decompression`);

/** Reads a body as text, at most `MAX_BODY_BYTES` of it. gzip is the only encoding. */
export async function readText(source: BodySource): Promise<Outcome<string>> {
  const encoding = source.encoding?.trim().toLowerCase() || "identity";
  if (encoding !== "identity" && encoding !== "gzip") {
    return refuse("unsupported_media", `Content-Encoding ${encoding} is not supported; use gzip or none`);
  }
  if (source.length !== null && source.length > MAX_BODY_BYTES) return TOO_LARGE;
  if (!source.stream) return { ok: true, value: "" };
  // HTTP ends a body at its Content-Length, so one with a known small length needs no counting.
  if (encoding === "identity" && source.length !== null)
    return { ok: true, value: await new Response(source.stream).text() };
  const bytes = await readBytes(source.stream);
  if (!bytes) return TOO_LARGE;
  return encoding === "gzip" ? inflate(bytes) : { ok: true, value: new TextDecoder().decode(bytes) };
}

/** The stream's bytes, or null (and the stream canceled) when they exceed the limit. */
async function readBytes(stream: ByteStream): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Inflates, stopping at the limit. Not DecompressionStream: workerd's inflates each chunk completely before it can be
 * read, so a chunk of 1 MiB may take 1 GiB of memory whatever the reader's limit is.
 */
function inflate(bytes: Uint8Array): Outcome<string> {
  try {
    return { ok: true, value: gunzipSync(bytes, { maxOutputLength: MAX_BODY_BYTES }).toString() };
  } catch (error) {
    // Node and workerd throw a RangeError at maxOutputLength and a plain Error for bad data.
    return error instanceof RangeError
      ? TOO_LARGE
      : refuse("invalid_request", "Content-Encoding is gzip, but the body is not gzip");
  }
}

/** Parses the request body. Its events are checked one by one later. */
export function parseBody(text: string): Outcome<IngestBody> {
  const guarded = guardJson(text);
  if (!guarded.ok) return guarded;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse("invalid_json", "The body is not JSON");
  }
  const result = ingestBodySchema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const errors = result.error.issues.map((issue) => ({
    path: issue.path.map(String).join("."),
    code: issue.code ?? "custom",
    message: issue.message,
  }));
  return refuse("invalid_request", "The body is not valid", errors);
}
