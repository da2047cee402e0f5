/**
 * Secrets and their fingerprints.
 * @module
 */

/** `bytes` random bytes as base64url without padding: 32 bytes are 43 characters. */
export function randomSecret(bytes: number): string {
  return toBase64url(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** SHA-256 of the text, base64url. For secrets of full entropy only; passwords need scrypt. */
export async function fingerprint(text: string): Promise<string> {
  return toBase64url(new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))));
}

function toBase64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");
}
