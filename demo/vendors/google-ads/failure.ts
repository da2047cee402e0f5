/**
 * Error bodies of the Google Ads API over REST: a `google.rpc.Status` whose details contain a `GoogleAdsFailure`.
 * After the vendor's pages "Understand API errors", "Error types" and "QuotaErrorDetails".
 * @module
 */
import type { VendorAnswer } from "../server/routes.ts";

interface Detail {
  /** The one-of of `ErrorCode`, such as `{ quotaError: "RESOURCE_EXHAUSTED" }`. */
  errorCode: Record<string, string>;
  message: string;
  details?: { quotaErrorDetails: { rateScope: string; rateName: string; retryDelay: string } };
}

const STATUS: Record<number, string> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const SUMMARY: Record<number, string> = {
  400: "Request contains an invalid argument.",
  401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
  403: "The caller does not have permission",
  404: "Requested entity was not found.",
  429: "Resource has been exhausted (e.g. check quota).",
  500: "Internal error encountered.",
  503: "The service is currently unavailable.",
  504: "Deadline expired before operation could complete.",
};

/** The `error` object alone, as in a broken stream after its last good batch. */
export function failureBody(status: number, version: string, detail?: Detail, requestId?: string) {
  const type = `type.googleapis.com/google.ads.googleads.${version}.errors.GoogleAdsFailure`;
  const details = detail && [{ "@type": type, errors: [detail], requestId }];
  return { error: { code: status, message: SUMMARY[status], status: STATUS[status], details } };
}

/** A refused or failed call. */
export function failure(status: number, version: string, detail?: Detail, requestId?: string): VendorAnswer {
  return { status, body: failureBody(status, version, detail, requestId) };
}

/**
 * An exhausted quota: the body names the bucket and the retry delay. `RESOURCE_TEMPORARILY_EXHAUSTED` is the short
 * kind.
 */
export function quotaFailure(
  version: string,
  quotaError: "RESOURCE_EXHAUSTED" | "RESOURCE_TEMPORARILY_EXHAUSTED",
  rateName: string,
  retryDelayMs: number,
): VendorAnswer {
  const retryDelay = `${Math.ceil(retryDelayMs / 1000)}s`;
  return failure(429, version, {
    errorCode: { quotaError },
    message: `Too many requests. Retry in ${retryDelay.slice(0, -1)} seconds.`,
    details: { quotaErrorDetails: { rateScope: "DEVELOPER", rateName, retryDelay } },
  });
}
