/**
 * Passwords as scrypt hashes, `scrypt$N$r$p$salt$key`, so that the cost can be raised without breaking old ones.
 * @module
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/**
 * OWASP's Password Storage list gives N=2^14, r=8, p=5 as equal to its other settings at 16 MB of memory: an
 * isolate has 128 MB for all its requests.
 */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const KEY_BYTES = 32;

/** A new hash of the password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString("base64url");
  const key = await derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt, key.toString("base64url")].join("$");
}

/** Whether the password made the hash. False for a hash that is not ours. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = hash.split("$");
  if (kind !== "scrypt" || !salt || !key) return false;
  const made = await derive(password, salt, { N: Number(N), r: Number(r), p: Number(p) });
  const kept = Buffer.from(key, "base64url");
  return kept.length === made.length && timingSafeEqual(kept, made);
}

function derive(password: string, salt: string, cost: ScryptOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  // NFKC, so that the same password typed on another keyboard is the same bytes.
  scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { ...cost, maxmem: 64 * 2 ** 20 }, (error, key) =>
    error ? reject(error) : resolve(key),
  );
  return promise;
}
