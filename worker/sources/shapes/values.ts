/**
 * Conversion of values for the common shapes.
 * @module
 */
import { createHash } from "node:crypto";

/** SHA-256 of a lowercase e-mail address, in hex: joins a person's records without storing the address. */
export function emailHash(email: string | null): string | null {
  const own = email?.trim().toLowerCase();
  return own ? createHash("sha256").update(own).digest("hex") : null;
}

/** Parses ISO 8601 text to epoch ms. */
export const timeOf = (text: string | null): number | null => (text === null ? null : Date.parse(text));
