/** Secrets, set by `wrangler secret put`; locally the launcher makes them. */
declare namespace Cloudflare {
  interface Env {
    /** Signs sessions and JWTs; 32 characters or more. */
    AUTH_SECRET: string;
  }
}
interface Env extends Cloudflare.Env {}
