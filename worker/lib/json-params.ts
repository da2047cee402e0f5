/**
 * JSON for D1: many values travel in one bound parameter, as a statement may have a hundred of them (D1 › Limits).
 * @module
 */

/** Bytes of JSON in one bound parameter: D1 allows 2 MB a value, which local D1 does not enforce. */
export const MAX_PARAMETER_BYTES = 500_000;

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
