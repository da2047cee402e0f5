/**
 * Error bodies of LinkedIn's Marketing API.
 * After the vendor's pages "Error Handling", "Rate Limiting" and "Versioning"; code texts as returned by the service.
 * @module
 */
import type { VendorAnswer } from "../server/routes.ts";

/** A refused call: the status is repeated in the body, `serviceErrorCode` only where there is one. */
export function refusal(
  status: number,
  code: string,
  message: string,
  serviceErrorCode?: number,
): VendorAnswer {
  return { status, body: { status, code, message, ...(serviceErrorCode && { serviceErrorCode }) } };
}

/** A token that is expired (65602), revoked (65601) or unknown (65600). */
export function tokenRefusal(why: "expired" | "revoked" | "unknown"): VendorAnswer {
  if (why === "expired")
    return refusal(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602);
  if (why === "revoked")
    return refusal(
      401,
      "REVOKED_ACCESS_TOKEN",
      "The token used in the request has been revoked by the user",
      65601,
    );
  return refusal(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600);
}

/** An invalid parameter. */
export const badParameter = (message: string): VendorAnswer => refusal(400, "ILLEGAL_ARGUMENT", message, 100);

/**
 * A day's calls are used up, for the app or for its user; there is no `Retry-After` and the count restarts at midnight
 * UTC.
 */
export const throttled = (who: "APPLICATION" | "APPLICATION_AND_MEMBER"): VendorAnswer =>
  refusal(
    429,
    "TOO_MANY_REQUESTS",
    `Resource level throttle ${who} DAY limit for calls to this resource is reached.`,
    101,
  );

/** Too many metric values in five minutes ("Data throttling": 45 million). */
export const dataThrottled = (): VendorAnswer =>
  refusal(
    429,
    "TOO_MANY_REQUESTS",
    "Request would return too many metric values; the limit is 45000000 in 5 minutes.",
    101,
  );
