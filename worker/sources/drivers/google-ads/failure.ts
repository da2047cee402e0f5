/**
 * Errors of the Google Ads API, from "Understand API errors", "Error types", "QuotaErrorDetails" and google.rpc.RetryInfo.
 * Only codes are passed on, because messages may quote the request.
 * @module
 */
import { z } from "zod";
import { HOUR_MS, SECOND_MS } from "../../../lib/time";
import { type Answer, SourceError, type Usage } from "../../vendor/driver";

const detailSchema = z.object({
  /** Of google.rpc.RetryInfo. */
  retryDelay: z.string().optional(),
  errors: z
    .array(
      z.object({
        errorCode: z.record(z.string(), z.string()).optional(),
        details: z
          .object({ quotaErrorDetails: z.object({ retryDelay: z.string().optional() }).optional() })
          .optional(),
      }),
    )
    .optional(),
});
const failureSchema = z.object({
  error: z.object({ code: z.number().int(), details: z.array(detailSchema).optional().catch(undefined) }),
});

/** Classifies an error. A stream can fail after status 200: the last element of its array is then the error. */
export function googleFailure({ status, body }: Answer, now: number): SourceError | null {
  const parts = Array.isArray(body) ? body : [body];
  const failure = parts.map((part) => failureSchema.safeParse(part).data).find(Boolean);
  const isFine = status === 200 && typeof body === "object" && body !== null;
  if (isFine && !failure) return null;
  const { code = status, details = [] } = failure?.error ?? {};
  const errors = details.flatMap((detail) => detail.errors ?? []);
  const codes = errors.flatMap(({ errorCode }) => Object.values(errorCode ?? {}));
  const delays = [
    ...details.map(({ retryDelay }) => retryDelay),
    ...errors.map((error) => error.details?.quotaErrorDetails?.retryDelay),
  ];
  return refusal(code === 200 ? 502 : code, codes, longestMs(delays), now);
}

function refusal(status: number, codes: string[], delayMs: number, now: number): SourceError {
  const named = codes[0] ? `${status}, ${codes[0]}` : String(status);
  if (codes.some((code) => /_EXHAUSTED$|^EXCESSIVE_/.test(code)) || status === 429) {
    // Daily operations are released gradually; without a retry time an hour is a reasonable wait.
    const waitMs = delayMs || (codes.includes("RESOURCE_EXHAUSTED") ? HOUR_MS : 0);
    const until = waitMs > 0 ? { until: now + waitMs } : {};
    return new SourceError("rate_limited", `Google Ads rate limit reached (${named})`, until);
  }
  if (codes.includes("UNSUPPORTED_VERSION"))
    return new SourceError("forbidden", "this version of the Google Ads API has been retired");
  if (status === 401) return new SourceError("auth", `access to Google Ads expired or was revoked`);
  if (codes.some((code) => /^(CLOUD_PROJECT|DEVELOPER_TOKEN)_NOT_APPROVED/.test(code)))
    return new SourceError(
      "forbidden",
      "the Google Cloud project can read test accounts only: it needs Basic access",
    );
  if (status === 403)
    return new SourceError(
      "forbidden",
      `no permission to read the account (${named}): it may need a manager account's id`,
    );
  if (status === 404) return new SourceError("invalid", "Google Ads does not have this path or version");
  // An expired page token, or a query that conflicted with another: a retry from the start succeeds.
  const passes = status >= 500 || status === 408 || codes.some((code) => /PAGE_TOKEN$/.test(code));
  const until = delayMs > 0 ? { until: now + delayMs } : {};
  return new SourceError(passes ? "unavailable" : "invalid", `Google Ads returned ${named}`, until);
}

/** Durations in JSON: `5s`, `0.5s`. */
function longestMs(delays: (string | undefined)[]): number {
  const seconds = delays.map((delay) => Number.parseFloat(delay ?? "0"));
  return Math.max(0, ...seconds.filter(Number.isFinite)) * SECOND_MS;
}

/** An exhausted daily quota; no header reports the remaining quota. */
export function googleUsage(answer: Answer, now: number): Usage[] {
  const failure = googleFailure(answer, now);
  const isDay = failure?.code === "rate_limited" && failure.message.includes("RESOURCE_EXHAUSTED");
  return isDay ? [{ name: "operations", used: 1, until: failure.until }] : [];
}
