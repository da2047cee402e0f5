/**
 * Sealing tokens and keys: AES-GCM with a key of the deployment's ring. The id of the key stands beside the sealed text, so
 * keys can be exchanged while the old ones still open. What a text belongs to is sealed with it: moved elsewhere it does not open.
 * @module
 */

/** Bytes of a random start of each text; NIST SP 800-38D allows 2^32 texts a key with it. */
const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/** A sealed text and the id of the key that opens it. */
export interface Sealed {
  text: string;
  key: string;
}

/** Seals with the current key, opens with any of the ring. */
export interface KeyRing {
  /** Id of the key that seals. */
  current: string;
  /** `owner` is the id of the row that keeps the text. */
  seal(plain: string, owner: string): Promise<Sealed>;
  /** @throws when the key is not in the ring, the text was changed, or belongs to another owner. */
  open(sealed: Sealed, owner: string): Promise<string>;
}

/**
 * The ring of the secret `SOURCE_KEYS`: `id:base64,id:base64`, each of 32 bytes, the first of which seals.
 * @throws when it is missing or malformed; the message holds no key.
 */
export function keyRing(secret: string | undefined): KeyRing {
  const keys = (secret ?? "").split(",").map((entry) => {
    const [id = "", base64 = ""] = entry.trim().split(":");
    return [id, base64] as const;
  });
  const ring = new Map(keys);
  const current = keys[0]?.[0] ?? "";
  if (!current || keys.some(([id, base64]) => ring.get(id) !== base64)) throw malformed();
  const imported = new Map<string, Promise<CryptoKey>>();
  const keyOf = (id: string) => {
    const known = imported.get(id) ?? importKey(ring.get(id), id);
    imported.set(id, known);
    return known;
  };
  return {
    current,
    async seal(plain, owner) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const body = await crypto.subtle.encrypt(
        parameters(nonce, owner),
        await keyOf(current),
        new TextEncoder().encode(plain),
      );
      return { text: toBase64(new Uint8Array([...nonce, ...new Uint8Array(body)])), key: current };
    },
    async open({ text, key }, owner) {
      const bytes = fromBase64(text);
      const nonce = bytes.slice(0, NONCE_BYTES);
      const body = await crypto.subtle.decrypt(
        parameters(nonce, owner),
        await keyOf(key),
        bytes.slice(NONCE_BYTES),
      );
      return new TextDecoder().decode(body);
    },
  };
}

async function importKey(base64: string | undefined, id: string): Promise<CryptoKey> {
  if (base64 === undefined)
    throw new Error(`SOURCE_KEYS has no key "${id}": put it back until all is sealed again`);
  const bytes = fromBase64(base64);
  if (bytes.length !== KEY_BYTES) throw malformed();
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

function malformed(): Error {
  return new Error("SOURCE_KEYS is missing or malformed, expected id:base64[,id:base64…] of 32 bytes each");
}

function parameters(nonce: Uint8Array<ArrayBuffer>, owner: string) {
  return { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(owner) };
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    throw malformed();
  }
}
