/**
 * Errors of LinkedIn's Marketing API, from "Error Handling", "Rate Limiting", "Versioning". The vendor's messages are not
 * passed on.
 * @module
 */
import { z } from "zod";
import { DAY_MS, SECOND_MS } from "../../../lib/time";
import { type Answer, SourceError } from "../../vendor/driver";

/** Responses do not specify a wait; the window of metric values is five minutes, with a margin. */
const WINDOW_MS = 330 * SECOND_MS;

const refusalSchema = z.object({ code: z.string().optional(), message: z.string().optional() });

/** Classifies a response as an error; null when it is a success. */
export function linkedinFailure({ status, body }: Answer, now: number): SourceError | null {
  if (status === 200 && typeof body === "object" && body !== null) return null;
  const { code, message = "" } = refusalSchema.safeParse(body).data ?? {};
  const named = code && /^[A-Z_]{3,60}$/.test(code) ? `${status}, ${code}` : String(status);
  if (status === 429) {
    // "Rate limits reset at midnight UTC": only the text distinguishes a daily limit from the one on metric values.
    const isDay = /\bDAY\b/.test(message);
    const until = isDay ? Math.ceil((now + 1) / DAY_MS) * DAY_MS : now + WINDOW_MS;
    const which = isDay ? "the daily limit of calls" : "the limit of metric values in five minutes";
    return new SourceError("rate_limited", `LinkedIn rate limit reached: ${which}`, { until });
  }
  if (status === 401) return new SourceError("auth", "access to LinkedIn expired or was revoked");
  if (status === 403)
    return new SourceError("forbidden", "the login or the application has no permission to read these ads");
  if (status === 426) return new SourceError("forbidden", "this version of LinkedIn's API was retired");
  const passes = status >= 500 || status < 400 || status === 408;
  return new SourceError(passes ? "unavailable" : "invalid", `LinkedIn returned ${named}`);
}
