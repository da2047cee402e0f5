/**
 * Gives every page request access to the API and its security headers.
 * @module
 */
import { exports } from "cloudflare:workers";
import { createMiddleware } from "@solidjs/start/middleware";

/** Kobalte sets style attributes, hence inline styles are allowed; scripts run by nonce only. */
function policy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self' ws: wss:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}

export default createMiddleware({
  onRequest(event) {
    // This Worker calls itself within the process, without the network.
    event.locals.api = (request: Request) => exports.default.fetch(request);
    event.locals.nonce = crypto.randomUUID();
    const headers = event.response.headers;
    if (!import.meta.env.DEV) headers.set("Content-Security-Policy", policy(event.locals.nonce));
    headers.set("X-Content-Type-Options", "nosniff");
    // The address of a public link grants access: send it in no referrer and keep it out of search indexes.
    const isShared = new URL(event.request.url).pathname.startsWith("/share/");
    headers.set("Referrer-Policy", isShared ? "no-referrer" : "same-origin");
    if (isShared) headers.set("X-Robots-Tag", "noindex");
    headers.set("Cache-Control", "private, no-store");
  },
});
