/**
 * HubSpot's refusals. Bodies follow "Error handling" and "API usage guidelines"; the 401 of an expired token is
 * the one for applications, `EXPIRED_AUTHENTICATION`.
 * @module
 */
import type { VendorAnswer } from "../server/routes.ts";

const correlationId = "aeb5f871-7f07-4993-9211-075dc63e7cbf";

/** `status: error` with a message and a category. */
export function refusal(status: number, message: string, category: string, more: object = {}): VendorAnswer {
  return { status, body: { status: "error", message, correlationId, ...more, category } };
}

/** An invalid request. */
export function invalid(message: string): VendorAnswer {
  return refusal(400, message, "VALIDATION_ERROR");
}

/** No token, or a token of another account. */
export function notAuthenticated(): VendorAnswer {
  const message =
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details " +
    "at https://developers.hubspot.com/docs/methods/auth/oauth-overview";
  return refusal(401, message, "INVALID_AUTHENTICATION");
}

/** The access token is older than 30 minutes. */
export function tokenExpired(): VendorAnswer {
  const message = "The OAuth token used to make this call expired 1 minute(s) ago.";
  return refusal(401, message, "EXPIRED_AUTHENTICATION");
}

/** A scope is missing. */
export function scopesMissing(scope: string): VendorAnswer {
  const message =
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: " +
    "https://developers.hubspot.com/scopes.";
  const context = { requiredGranularScopes: [scope] };
  const errors = [{ message: "One or more of the following scopes are required.", context }];
  return refusal(403, message, "MISSING_SCOPES", {
    errors,
    links: { scopes: "https://developers.hubspot.com/scopes" },
  });
}

/** No such record, type or path. */
export function notFound(): VendorAnswer {
  return refusal(404, "resource not found", "OBJECT_NOT_FOUND");
}

/** Too many requests. Only the ten-second limit has a `Retry-After`. */
export function rateLimited(policy: string): VendorAnswer {
  const message = `You have reached your ${policy.toLowerCase()} limit.`;
  const body = { status: "error", message, errorType: "RATE_LIMIT", correlationId, policyName: policy };
  return { status: 429, headers: policy === "TEN_SECONDLY_ROLLING" ? { "retry-after": "10" } : {}, body };
}

/** An internal error of HubSpot: JSON for 500, a proxy's page for the others. */
export function broken(status: number): VendorAnswer {
  if (status === 500) return refusal(500, "internal error", "INTERNAL_ERROR");
  return { status, headers: { "content-type": "text/html" }, body: `<html><title>${status}</title></html>` };
}

/** A refused token request. */
export function tokenRefused(status: string, message: string): VendorAnswer {
  return { status: 400, body: { status, message, correlationId } };
}
