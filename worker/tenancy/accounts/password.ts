/**
 * Password hashes by scrypt, `scrypt$N$r$p$salt$key`, so that the cost can be raised while old hashes stay valid.
 * @module
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from "node:crypto";

/**
 * From OWASP's Password Storage list: N=2^14, r=8, p=5 is equivalent to its other settings and uses 16 MB of memory; an
 * isolate has 128 MB for all its requests.
 */
const COST = { N: 2 ** 14, r: 8, p: 5 };
const KEY_BYTES = 32;

/** Hashes a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16).toString("base64url");
  const key = await derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt, key.toString("base64url")].join("$");
}

/** Whether the password matches the hash. False for a malformed hash. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [kind, N, r, p, salt, key] = hash.split("$");
  if (kind !== "scrypt" || !salt || !key) return false;
  const computed = await derive(password, salt, { N: Number(N), r: Number(r), p: Number(p) });
  const stored = Buffer.from(key, "base64url");
  return stored.length === computed.length && timingSafeEqual(stored, computed);
}

function derive(password: string, salt: string, cost: ScryptOptions): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  // NFKC, so that a password has the same bytes on every keyboard.
  scrypt(password.normalize("NFKC"), salt, KEY_BYTES, { ...cost, maxmem: 64 * 2 ** 20 }, (error, key) =>
    error ? reject(error) : resolve(key),
  );
  return promise;
}
