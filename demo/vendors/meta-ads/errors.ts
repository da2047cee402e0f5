/**
 * Error bodies of the Graph API. After the vendor's pages "Handling Errors", "Ads Insights API Error Codes" and
 * "Marketing API Rate Limiting".
 * @module
 */
import type { VendorAnswer } from "../server/routes.ts";

/** The fields of an error; `subcode` and the user's texts only where the vendor sends them. */
export interface GraphError {
  code: number;
  message: string;
  subcode?: number;
  type?: string;
  isTransient?: boolean;
  title?: string;
}

/** The `error` object as sent. */
export function errorBody({
  code,
  message,
  subcode,
  type = "OAuthException",
  isTransient,
  title,
}: GraphError) {
  return {
    error: {
      message,
      type,
      code,
      ...(subcode && { error_subcode: subcode }),
      ...(isTransient !== undefined && { is_transient: isTransient }),
      ...(title && { error_user_title: title, error_user_msg: message }),
      fbtrace_id: "AstandInTraceId",
    },
  };
}

/** An error with its HTTP status: 400 by default, as the Graph API uses for nearly all. */
export const graphError = (error: GraphError, status = 400): VendorAnswer => ({
  status,
  body: errorBody(error),
});

/** An unknown or missing parameter or field: code 100. */
export const badParameter = (message: string, subcode?: number): VendorAnswer =>
  graphError({ code: 100, message: `(#100) ${message}`, type: "OAuthException", subcode });

const EXPIRED =
  "Error validating access token: Session has expired. The session must be renewed by the user.";
const REVOKED = "Error validating access token: The user has not authorized application.";

/** A token that is expired (subcode 463), revoked (458) or unknown (467). */
export function tokenError(why: "expired" | "revoked" | "unknown"): VendorAnswer {
  const known = {
    expired: [463, EXPIRED],
    revoked: [458, REVOKED],
    unknown: [467, "Invalid OAuth access token."],
  };
  const [subcode, message] = known[why];
  return graphError({ code: 190, subcode: Number(subcode), message: String(message) }, 401);
}

/** Throttled responses; the key can be the variant of a `throttle` fault. */
export const THROTTLES: Record<string, GraphError> = {
  "4": {
    code: 4,
    subcode: 1504022,
    message: "(#4) Application request limit reached",
    isTransient: true,
    title: "Too Many API Requests",
  },
  "17": {
    code: 17,
    subcode: 2446079,
    message: "(#17) User request limit reached",
    isTransient: true,
  },
  "613": {
    code: 613,
    subcode: 1487742,
    message: "(#613) There have been too many calls from this ad-account. Please wait a bit and try again.",
    isTransient: true,
  },
  "80000": {
    code: 80000,
    subcode: 2446079,
    message:
      "(#80000) There have been too many calls from this ad-account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting#ads-insights.",
    isTransient: true,
  },
  "80004": {
    code: 80004,
    subcode: 2446079,
    message:
      "(#80004) There have been too many calls to this ad-account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting#ads-management.",
    isTransient: true,
  },
};

/** Failures of the service; `100` and `1504018` require a smaller query, not a retry. */
export const FAILURES: Record<string, { status: number; error: GraphError }> = {
  "500": {
    status: 500,
    error: { code: 1, message: "An unknown error occurred", isTransient: true, subcode: 99 },
  },
  "503": {
    status: 503,
    error: { code: 2, message: "Service temporarily unavailable", isTransient: true, type: "OAuthException" },
  },
  "1504018": {
    status: 400,
    error: {
      code: 100,
      subcode: 1504018,
      message:
        "(#100) Your request timed out. Please try a smaller date range, fetch less data, or use async jobs",
    },
  },
  "1504038": {
    status: 400,
    error: {
      code: 2,
      subcode: 1504038,
      message: "Your request timed out. Please try a smaller date range, fetch less data, or use async jobs",
      isTransient: true,
    },
  },
  "1487534": {
    status: 400,
    error: {
      code: 100,
      subcode: 1487534,
      message: "(#100) Please reduce the amount of data you're asking for, then retry your request",
    },
  },
};
