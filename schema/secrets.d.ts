/** Secrets, set by `wrangler secret put`; locally the launcher generates them. */
declare namespace Cloudflare {
  interface Env {
    /** Signs sessions and JWTs; 32 characters or more. */
    AUTH_SECRET: string;
    /** Encrypts the tokens and keys of sources: `id:base64[,id:base64…]`, 32 bytes each; the first one encrypts. */
    SOURCE_KEYS: string;
    /** During key rotation (`npm run rotate-keys`): the new key. */
    SOURCE_KEYS_NEXT?: string;
    /** Token with which the operator of the deployment stores currency rates; absent when nobody does. */
    OPERATOR_TOKEN?: string;
    /** JSON by driver: the secret of this deployment's OAuth client at the vendor. Absent without clients. */
    SOURCE_CLIENTS?: string;
  }
}
interface Env extends Cloudflare.Env {}
