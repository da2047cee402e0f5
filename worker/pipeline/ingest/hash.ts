/**
 * Short hashes of several parts. Synchronous `node:crypto` costs about 1 µs in workerd; WebCrypto would cost a
 * turn of the event loop for each.
 * @module
 */
import { createHmac, hash } from "node:crypto";

/** First 132 bits of the SHA-256 of the parts, as 22 characters of base64url. JSON keeps the parts apart. */
export function hash132(...parts: (string | number)[]): string {
  return hashText(JSON.stringify(parts));
}

/** First 132 bits of the SHA-256 of a text. */
export function hashText(text: string): string {
  return hash("sha256", text, "base64url").slice(0, 22);
}

/** A key derived from a secret, one for each list of parts. */
export function derivedKey(secret: string, ...parts: (string | number)[]): string {
  return createHmac("sha256", secret).update(JSON.stringify(parts)).digest("base64url");
}
