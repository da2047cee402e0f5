/**
 * Values in common shapes.
 * @module
 */
import { createHash } from "node:crypto";

/** SHA-256 of an address in lower case, in hex: joins a person's records without keeping the address. */
export function emailHash(email: string | null): string | null {
  const own = email?.trim().toLowerCase();
  return own ? createHash("sha256").update(own).digest("hex") : null;
}

/** ISO 8601 text as epoch ms. */
export const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));
