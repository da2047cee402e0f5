/**
 * Reading request bodies up to a limit.
 * @module
 */
import { type Outcome, refuse } from "./refusal";

/** A request or response whose body was not read. */
export type Unread = Pick<Body, "body" | "text" | "arrayBuffer">;

/**
 * Reads a body as bytes. Refuses with `body_too_large` and cancels the stream once it exceeds `maxBytes`.
 * `length` is `Content-Length` where the sender gave one: HTTP ends the body there, so it needs no counting.
 */
export async function readBytes(
  from: Unread,
  maxBytes: number,
  length: number | null = null,
): Promise<Outcome<Uint8Array<ArrayBuffer>>> {
  if (length !== null && length > maxBytes) return tooLarge(maxBytes);
  if (length !== null || !from.body) return { ok: true, value: new Uint8Array(await from.arrayBuffer()) };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of from.body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) return tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return { ok: true, value: concatenated(chunks, size) };
}

/** Reads a body as UTF-8 text. Refuses with `body_too_large`. */
export async function readText(
  from: Unread,
  maxBytes: number,
  length: number | null = null,
): Promise<Outcome<string>> {
  if (length !== null && length <= maxBytes) return { ok: true, value: await from.text() };
  const bytes = await readBytes(from, maxBytes, length);
  return bytes.ok ? { ok: true, value: new TextDecoder().decode(bytes.value) } : bytes;
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
