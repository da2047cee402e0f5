/**
 * Short hashes of several parts. Synchronous `node:crypto` costs about 2 µs in workerd; WebCrypto would cost a
 * turn of the event loop for each.
 * @module
 */
import { createHash, createHmac } from "node:crypto";

/** First 128 bits of the SHA-256 of the parts, as 22 characters of base64url. JSON keeps the parts apart. */
export function hash128(...parts: (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest().subarray(0, 16).toString("base64url");
}

/** A key derived from a secret, one for each list of parts. */
export function derivedKey(secret: string, ...parts: (string | number)[]): string {
  return createHmac("sha256", secret).update(JSON.stringify(parts)).digest("base64url");
}
