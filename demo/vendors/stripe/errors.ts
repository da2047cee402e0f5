/**
 * Stripe's refusals. Bodies follow "Errors", "Error codes" and "Authentication" of the API reference, the
 * headers of a 429 "Rate limits" (`Stripe-Rate-Limited-Reason`).
 * @module
 */
import type { VendorAnswer } from "../server/routes.ts";

const docs = (code: string) => `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`;
/** Keys in messages are masked except their ends. */
const struck = (key: string) =>
  `${key.slice(0, 8)}${"*".repeat(Math.max(0, key.length - 12))}${key.slice(-4)}`;

/** `invalid_request_error`, the type of nearly all refusals. */
export function invalidRequest(
  status: number,
  message: string,
  more: Record<string, string> = {},
): VendorAnswer {
  const code = more.code === undefined ? {} : { code: more.code, doc_url: docs(more.code) };
  return { status, body: { error: { ...more, ...code, message, type: "invalid_request_error" } } };
}

/** The key is missing. */
export function keyMissing(): VendorAnswer {
  const message =
    "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth " +
    "(e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or " +
    "we can help at https://support.stripe.com/.";
  return { ...invalidRequest(401, message), headers: { "www-authenticate": 'Basic realm="Stripe"' } };
}

/** The key is not, or no longer, valid for the account. */
export function keyInvalid(key: string): VendorAnswer {
  return invalidRequest(401, `Invalid API Key provided: ${struck(key)}`);
}

/** The key was rolled and has expired. */
export function keyExpired(key: string): VendorAnswer {
  return invalidRequest(401, `Expired API Key provided: ${struck(key)}`, { code: "api_key_expired" });
}

/** A restricted key lacks a permission. */
export function notPermitted(key: string, permission: string): VendorAnswer {
  return invalidRequest(
    403,
    `The provided key '${struck(key)}' does not have the required permissions for this endpoint on account ` +
      `'acct_standin'. Having the '${permission}' permission would allow this request to continue.`,
    { code: "more_permissions_required" },
  );
}

/** No object with that id. */
export function missing(object: string, id: string, param = "id"): VendorAnswer {
  const status = param === "id" ? 404 : 400;
  return invalidRequest(status, `No such ${object}: '${id}'`, { code: "resource_missing", param });
}

/** No such path. */
export function unrecognized(method: string, path: string): VendorAnswer {
  return invalidRequest(
    404,
    `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at ` +
      "https://support.stripe.com/.",
  );
}

/**
 * Too many requests; the reason is one of `global-rate`, `endpoint-rate`, `global-concurrency`, `endpoint-concurrency`.
 */
export function rateLimited(reason: string): VendorAnswer {
  const message =
    "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.";
  return {
    ...invalidRequest(429, message, { code: "rate_limit" }),
    headers: { "stripe-rate-limited-reason": reason, "stripe-should-retry": "true" },
  };
}

/** An internal error of Stripe. */
export function apiError(status: number): VendorAnswer {
  const message =
    "Sorry! There was an error while talking to one of our backends. Support has been notified.";
  return { status, body: { error: { message, type: "api_error" } } };
}
