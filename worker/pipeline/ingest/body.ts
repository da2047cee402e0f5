/**
 * A request's body: inflated, measured and parsed as JSON. The size limit applies while inflating: a few kilobytes
 * of gzip can expand to a gigabyte.
 * @module
 */
import { gunzipSync } from "node:zlib";
import { type IngestBody, ingestBodySchema, MAX_BODY_BYTES } from "../../../schema/wire/event";
import { readBytes, readText, tooLarge, type Unread } from "../../lib/body";
import { guardJson } from "../../lib/json-guard";
import { fieldErrors, type Outcome, refuse } from "../../lib/refusal";

/** Values of the headers that describe a body; null without the header. */
export interface BodyHeaders {
  encoding: string | null;
  length: number | null;
}

/** Reads a body as text, at most `MAX_BODY_BYTES` of it. gzip is the only encoding. */
export async function readBody(from: Unread, { encoding, length }: BodyHeaders): Promise<Outcome<string>> {
  switch (encoding?.trim().toLowerCase() || "identity") {
    case "identity":
      return readText(from, MAX_BODY_BYTES, length);
    case "gzip": {
      const bytes = await readBytes(from, MAX_BODY_BYTES, length);
      return bytes.ok ? inflate(bytes.value) : bytes;
    }
    default: {
      const detail = `Content-Encoding ${encoding} is not supported; use gzip or none`;
      return { ok: false, refusal: refuse("unsupported_media", detail) };
    }
  }
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
    if (error instanceof RangeError) return tooLarge(MAX_BODY_BYTES);
    const detail = "Content-Encoding is gzip, but the body is not gzip";
    return { ok: false, refusal: refuse("invalid_request", detail) };
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
    return { ok: false, refusal: refuse("invalid_json", "The body is not JSON") };
  }
  const result = ingestBodySchema.safeParse(json);
  if (result.success) return { ok: true, value: result.data };
  const refusal = refuse("invalid_request", "The body is not valid");
  return { ok: false, refusal: { ...refusal, errors: fieldErrors(result.error) } };
}
