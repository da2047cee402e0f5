/**
 * JSON for D1: many values travel in one bound parameter, as a statement may have a hundred of them (D1 › Limits).
 * @module
 */

/** Bytes of JSON in one bound parameter: D1 allows 2 MB a value, which local D1 does not enforce. */
export const MAX_PARAMETER_BYTES = 500_000;

/** Bytes that one text may have inside a parameter of its own, as JSON: D1 allows 2 MB (D1 › Limits). */
const MAX_TEXT_BYTES = 1_800_000;
const encoder = new TextEncoder();

/** Whether a text fits into one row, and as JSON into one bound parameter. */
export function fitsParameter(text: string): boolean {
  // A character of JSON text has at most three bytes, also when it is escaped once more.
  if (text.length * 3 <= MAX_TEXT_BYTES) return true;
  return encoder.encode(JSON.stringify(text)).length <= MAX_TEXT_BYTES;
}

/** Joins JSON texts into arrays of at most `maxBytes` (a larger text goes alone). */
export function chunked(items: Iterable<string>, maxBytes: number = MAX_PARAMETER_BYTES): string[] {
  const chunks: string[] = [];
  let parts: string[] = [];
  let size = 0;
  for (const item of items) {
    if (parts.length && size + item.length > maxBytes) {
      chunks.push(`[${parts.join(",")}]`);
      parts = [];
      size = 0;
    }
    parts.push(item);
    size += item.length + 1;
  }
  if (parts.length) chunks.push(`[${parts.join(",")}]`);
  return chunks;
}
