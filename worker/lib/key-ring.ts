/**
 * Encryption of secrets at rest: AES-GCM with one key of a ring. The id of the key is stored beside the sealed text, so that
 * keys can be rotated while older ones still open. The owner's id is authenticated with the text: sealed text that is
 * copied to another row does not open.
 * @module
 */

/** Bytes of the random nonce at the start of each text; NIST SP 800-38D allows 2^32 texts a key with it. */
const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/** A sealed text and the id of the key that opens it. */
export interface Sealed {
  text: string;
  key: string;
}

/** Seals with the current key and opens with any key of the ring. */
export interface KeyRing {
  /** Id of the key that seals. */
  current: string;
  /** `owner` is the id of the row that stores the text. */
  seal(plain: string, owner: string): Promise<Sealed>;
  /** Throws when the key is not in the ring, the text was changed, or it belongs to another owner. */
  open(sealed: Sealed, owner: string): Promise<string>;
}

/**
 * Parses the ring `id:base64,id:base64` of 32 bytes each; the first key seals. `name` is the secret's name, for errors;
 * `next` has keys that precede the ring while keys are rotated.
 * Throws when the ring is missing or malformed; messages contain no key.
 */
export function keyRing(secret: string | undefined, name: string, next?: string): KeyRing {
  const malformed = () =>
    new Error(`${name} is missing or malformed, expected id:base64[,id:base64…] of 32 bytes each`);
  const keys = (next ? `${next},${secret}` : (secret ?? "")).split(",").map((entry) => {
    const [id = "", base64 = ""] = entry.trim().split(":");
    return [id, base64] as const;
  });
  const ring = new Map(keys);
  const current = keys[0]?.[0] ?? "";
  if (!current || keys.some(([id, base64]) => ring.get(id) !== base64)) throw malformed();
  const imported = new Map<string, Promise<CryptoKey>>();
  const cryptoKeyOf = (id: string) => {
    const known = imported.get(id) ?? importKey(id);
    imported.set(id, known);
    return known;
  };
  async function importKey(id: string): Promise<CryptoKey> {
    const base64 = ring.get(id);
    if (base64 === undefined)
      throw new Error(`${name} has no key "${id}": put it back until everything is sealed with another key`);
    const bytes = fromBase64(base64);
    if (bytes?.length !== KEY_BYTES) throw malformed();
    return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  }
  return {
    current,
    async seal(plain, owner) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const body = await crypto.subtle.encrypt(
        parameters(nonce, owner),
        await cryptoKeyOf(current),
        new TextEncoder().encode(plain),
      );
      return { text: toBase64(new Uint8Array([...nonce, ...new Uint8Array(body)])), key: current };
    },
    async open({ text, key }, owner) {
      const bytes = fromBase64(text);
      if (!bytes) throw new Error("the sealed text is not base64");
      const nonce = bytes.slice(0, NONCE_BYTES);
      const body = await crypto.subtle.decrypt(
        parameters(nonce, owner),
        await cryptoKeyOf(key),
        bytes.slice(NONCE_BYTES),
      );
      return new TextDecoder().decode(body);
    },
  };
}

function parameters(nonce: Uint8Array<ArrayBuffer>, owner: string) {
  return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(owner) };
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** Returns null when the text is not base64. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
