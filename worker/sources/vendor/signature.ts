/**
 * Webhook signatures as specified by standardwebhooks.com: HMAC-SHA256 of `id.timestamp.body` with a shared secret, so that
 * body, time and id cannot be changed.
 */
import { MINUTE_MS, SECOND_MS } from "../../lib/time";

/** Maximum difference between a delivery's time and now; older ones may be replays. */
const TOLERANCE_MS = 5 * MINUTE_MS;
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;

/** Values of the headers `webhook-id`, `webhook-timestamp` and `webhook-signature`. */
export interface Signed {
  id: string;
  timestamp: string;
  signature: string;
}

/** Decodes the key of a secret such as `whsec_MfKQ9…`; null when malformed. */
export function signingKey(secret: string): Uint8Array<ArrayBuffer> | null {
  try {
    const bytes = Uint8Array.from(atob(secret.replace(/^whsec_/, "")), (mark) => mark.charCodeAt(0));
    return bytes.length >= MIN_SECRET_BYTES && bytes.length <= MAX_SECRET_BYTES ? bytes : null;
  } catch {
    return null;
  }
}

/** Whether the signature is valid and the delivery recent. `signature` may contain several, of old and new secrets. */
export async function isSigned(
  key: Uint8Array<ArrayBuffer>,
  { id, timestamp, signature }: Signed,
  body: string,
  now: number,
): Promise<boolean> {
  const at = Number(timestamp) * SECOND_MS;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - at) > TOLERANCE_MS || id === "") return false;
  const hmac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`);
  for (const part of signature.split(" ").slice(0, 8)) {
    const [version, text = ""] = part.split(",");
    if (version !== "v1" || !/^[A-Za-z0-9+/]{43}=$/.test(text)) continue;
    const bytes = Uint8Array.from(atob(text), (mark) => mark.charCodeAt(0));
    // `verify` compares in constant time.
    if (await crypto.subtle.verify("HMAC", hmac, bytes, content)) return true;
  }
  return false;
}
