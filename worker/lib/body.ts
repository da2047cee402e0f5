/**
 * Reading request bodies up to a limit.
 * @module
 */
import { type Outcome, refuse } from "./refusal";

type ByteStream = ReadableStream<Uint8Array>;

/**
 * Reads a body as bytes. Refuses with `body_too_large` and cancels the stream once it exceeds `maxBytes`.
 * `length` is `Content-Length` where the sender gave one: HTTP ends the body there.
 */
export async function readBytes(
  body: ByteStream | null,
  maxBytes: number,
  length: number | null = null,
): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  if (length !== null && length > maxBytes) return tooLarge(maxBytes);
  if (!body) return { ok: true, value: new Uint8Array(0) };
  // A body whose length is known needs no counting.
  if (length !== null) return { ok: true, value: new Uint8Array(await new Response(body).arrayBuffer()) };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) return tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return { ok: true, value: concatenated(chunks, size) };
}

/** Reads a body as UTF-8 text. Refuses with `body_too_large`. */
export async function readText(
  body: ByteStream | null,
  maxBytes: number,
  length: number | null = null,
): Promise<Outcome<string>> {
  const bytes = await readBytes(body, maxBytes, length);
  return bytes.ok ? { ok: true, value: new TextDecoder().decode(bytes.value) } : bytes;
}

/** Reads a body as JSON. Refuses with `body_too_large` or `invalid_json`. */
export async function readJson(
  body: ByteStream | null,
  maxBytes: number,
  length: number | null = null,
): Promise<Outcome<unknown>> {
  const text = await readText(body, maxBytes, length);
  if (!text.ok) return text;
  try {
    return { ok: true, value: JSON.parse(text.value) };
  } catch {
    return { ok: false, refusal: refuse("invalid_json", "The body is not JSON") };
  }
}

/** Returns the refusal of a body that exceeds `maxBytes`. */
export function tooLarge(maxBytes: number): { ok: false; refusal: ReturnType<typeof refuse> } {
  return { ok: false, refusal: refuse("body_too_large", `The body may have at most ${maxBytes} bytes`) };
}

function concatenated(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
