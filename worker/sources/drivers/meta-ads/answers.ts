/**
 * Interprets responses of the Marketing API: errors by code and subcode ("Handling Errors", "Ads Insights API Error Codes",
 * "Marketing API Rate Limiting") and usage headers. In a batch, both are in its parts.
 * @module
 */
import { z } from "zod";
import type { SourceErrorCode } from "../../../../schema/wire/source";
import { MINUTE_MS, SECOND_MS } from "../../../lib/time";
import { type Answer, type Call, SourceError, type Usage } from "../../vendor/driver";

const errorSchema = z.object({
  error: z.object({
    code: z.number(),
    error_subcode: z.number().optional(),
    is_transient: z.boolean().optional(),
    message: z.string().optional(),
  }),
});
const partSchema = z
  .object({
    code: z.number(),
    headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]),
    body: z.string(),
  })
  .nullable();

/** Error codes of rate limits; 80000 to 80014 are those of business use cases. */
const THROTTLED = new Set([4, 17, 32, 341, 613]);
const isThrottled = (code: number) => THROTTLED.has(code) || (code >= 80_000 && code <= 80_014);
/** Too much data, or a timeout because of it: code and subcode. */
const TOO_MUCH = new Set(["100/1487534", "100/1504018", "2/1504038", "-2/2490547"]);
/** The token expired or was revoked, or the session is invalid. */
const NO_ACCESS = new Set([102, 190]);
/** No permission for the call, the feature or the object. */
const isForbidden = (code: number, subcode?: number) =>
  code === 3 ||
  code === 10 ||
  code === 368 ||
  (code >= 200 && code < 300) ||
  (code === 100 && subcode === 33);

/** As `Driver.failure`. A batch fails as a whole only when none of its parts can be used. */
export function failure(answer: Answer, _: Call, now: number): SourceError | null {
  const parts = partsOf(answer);
  if (parts === null) return failureOf(answer, now);
  const failures = parts.map((part) => (part === null ? CUT : failureOf(part, now)));
  const lost = failures.find((own) => own?.code === "auth");
  if (lost) return lost;
  return failures.every((own) => own !== null && passes(own)) ? (failures[0] ?? null) : null;
}

/** Whether the same query may succeed later. */
export const passes = ({ code }: SourceError): boolean => code === "unavailable" || code === "rate_limited";

const CUT = new SourceError("unavailable", "the batch was truncated");

/** The responses of a batch, null for parts that timed out; null when the body is not a batch. */
export function partsOf({ body }: Answer): (Answer | null)[] | null {
  const parts = Array.isArray(body) ? z.array(partSchema).safeParse(body).data : undefined;
  if (parts === undefined) return null;
  return parts.map((part) => {
    if (part === null) return null;
    const headers = new Headers(part.headers.map(({ name, value }): [string, string] => [name, value]));
    return { status: part.code, headers, body: jsonOf(part.body) };
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Classifies a single response as an error. The vendor's texts are left out: codes carry the same information and nothing of
 * the request.
 */
export function failureOf(answer: Answer, now: number): SourceError | null {
  const { status, body } = answer;
  const error = errorSchema.safeParse(body).data?.error;
  if (error === undefined) {
    if (status === 200 && typeof body === "object" && body !== null) return null;
    return new SourceError(status >= 400 && status < 500 ? "invalid" : "unavailable", `returned ${status}`);
  }
  const { code, error_subcode: subcode } = error;
  const reason = subcode === undefined ? `error ${code}` : `error ${code}/${subcode}`;
  if (NO_ACCESS.has(code)) return new SourceError("auth", `access expired or was revoked (${reason})`);
  if (isThrottled(code)) {
    const until = Math.max(0, ...usage(answer, undefined, now).map((own) => own.until ?? 0));
    return new SourceError("rate_limited", `rate limit reached (${reason})`, until > now ? { until } : {});
  }
  return new SourceError(codeOf(answer, error), `${WORDS[codeOf(answer, error)] ?? "refused"} (${reason})`);
}

const WORDS: Partial<Record<SourceErrorCode, string>> = {
  too_much: "the query is too large",
  forbidden: "no permission to read this",
  unavailable: "Meta does not respond",
};

function codeOf(
  { status }: Answer,
  { code, error_subcode, is_transient, message = "" }: z.infer<typeof errorSchema>["error"],
): SourceErrorCode {
  // Also sent without a subcode, as code 1 or 100.
  if (TOO_MUCH.has(`${code}/${error_subcode}`) || /reduce the amount of data/i.test(message))
    return "too_much";
  if (isForbidden(code, error_subcode)) return "forbidden";
  // 2601: a report that is not ready.
  if (status >= 500 || is_transient || code === 1 || code === 2 || code === 2601) return "unavailable";
  return "invalid";
}

const percent = z.number().min(0);
const loadSchema = z.object({ call_count: percent, total_cputime: percent, total_time: percent });
const accountSchema = z.object({ acc_id_util_pct: percent, reset_time_duration: z.number().optional() });
const insightsSchema = z.object({ acc_id_util_pct: percent, app_id_util_pct: percent });
const businessSchema = z.record(
  z.string(),
  z.array(loadSchema.extend({ type: z.string(), estimated_time_to_regain_access: z.number() })),
);

const loadOf = ({ call_count, total_cputime, total_time }: z.infer<typeof loadSchema>) =>
  Math.max(call_count, total_cputime, total_time) / 100;

/** As `Driver.usage`; for several parts, the highest usage of each limit. */
export function usage(answer: Answer, _: Call | undefined, now: number): Usage[] {
  const all = [answer, ...(partsOf(answer) ?? [])].flatMap((own) => (own ? usageOf(own.headers, now) : []));
  const found = new Map<string, Usage>();
  for (const own of all) {
    const known = found.get(own.name);
    const until = Math.max(known?.until ?? 0, own.until ?? 0);
    const used = Math.max(known?.used ?? 0, own.used);
    found.set(own.name, { name: own.name, used, ...(until > 0 && { until }) });
  }
  return [...found.values()];
}

function usageOf(headers: Headers, now: number): Usage[] {
  const read = <S extends z.ZodType>(name: string, schema: S) =>
    schema.safeParse(jsonOf(headers.get(name) ?? "")).data;
  const found: Usage[] = [];
  const add = (name: string, used: number, waitMs = 0) =>
    found.push({ name, used, ...(waitMs > 0 && { until: now + waitMs }) });
  const app = read("x-app-usage", loadSchema);
  if (app) add("app", loadOf(app));
  const account = read("x-ad-account-usage", accountSchema);
  if (account) {
    const { acc_id_util_pct: used, reset_time_duration: seconds = 0 } = account;
    add("ad_account", used / 100, used >= 100 ? seconds * SECOND_MS : 0);
  }
  for (const own of Object.values(read("x-business-use-case-usage", businessSchema) ?? {}).flat())
    add(own.type, loadOf(own), own.estimated_time_to_regain_access * MINUTE_MS);
  const insights = read("x-fb-ads-insights-throttle", insightsSchema);
  if (insights) add("insights_load", Math.max(insights.acc_id_util_pct, insights.app_id_util_pct) / 100);
  return found;
}
