/**
 * Keys that encrypt the tokens of sources.
 * @module
 */
import { randomBytes } from "node:crypto";

/** A new entry of the secret SOURCE_KEYS: an id with the date, and 32 random bytes. */
export function newSourceKey(now = new Date()): string {
  return `k${now.toISOString().slice(0, 10).replaceAll("-", "")}${randomBytes(2).toString("hex")}:${randomBytes(32).toString("base64")}`;
}
