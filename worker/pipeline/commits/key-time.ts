/**
 * The time that an idempotency key states.
 * @module
 */

/** Digits of a ULID (github.com/ulid/spec): Crockford's base 32. The first ten are its epoch ms. */
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
/** A UUID of version 7 (RFC 9562 › 5.7): its first 48 bits are its epoch ms. */
const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
/** Epoch ms and a hyphen, as our SDK makes them. */
const EPOCH_MS = /^(\d{13})-/;

/**
 * Returns the epoch ms in the key of a message, `project/key/part`, null when the key has none. It depends on nothing but
 * the key.
 */
export function timeInKey(messageKey: string): number | null {
  const key = messageKey
    .slice(messageKey.indexOf("/") + 1, messageKey.lastIndexOf("/"))
    .replace(/^(import|refused|restore)-/, "");
  const [, stated] = EPOCH_MS.exec(key) ?? [];
  if (stated) return Number(stated);
  if (UUID_7.test(key)) return Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16);
  if (!ULID.test(key)) return null;
  return [...key.slice(0, 10)].reduce((time, digit) => time * 32 + CROCKFORD.indexOf(digit), 0);
}
