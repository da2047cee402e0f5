/** Secrets, set by `wrangler secret put`; locally the launcher makes them. */
declare namespace Cloudflare {
  interface Env {
    /** Signs sessions and JWTs; 32 characters or more. */
    AUTH_SECRET: string;
    /** Seals the tokens and keys of sources: `id:base64[,id:base64…]`, 32 bytes each, the first of which seals. */
    SOURCE_KEYS: string;
    /** While keys are exchanged (`npm run rotate-keys`): the new one. */
    SOURCE_KEYS_NEXT?: string;
    /** Whoever runs the deployment puts currency rates there with it; left out where nobody does. */
    OPERATOR_TOKEN?: string;
    /** JSON by driver: the secret of this deployment's client at the vendor. Left out when it is no client of any. */
    SOURCE_CLIENTS?: string;
  }
}
interface Env extends Cloudflare.Env {}
