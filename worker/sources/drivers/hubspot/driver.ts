/**
 * HubSpot: the records of a portal, by OAuth or a service key. From "API versioning" (by date), "API usage guidelines"
 * (search 5 calls per second, others 100 to 190 in 10 s, depending on plan and authorization), "Error handling".
 */

import { z } from "zod";
import { VENDOR_LABELS } from "../../../../schema/wire/vendors";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "../../../lib/time";
import {
  type Answer,
  type Call,
  type Driver,
  SourceError,
  type StreamSpec,
  type Usage,
} from "../../vendor/driver";
import { parseShape } from "../parse-answer";
import { pipelineRecords } from "./objects";
import { readRecords } from "./read";
import {
  hubspotCompanySchema,
  hubspotContactSchema,
  hubspotDealSchema,
  hubspotPipelineSchema,
} from "./records";

/** Search includes a change after seconds, sometimes after minutes. */
const SEARCH_LAG_MS = 15 * MINUTE_MS;
const incremental = { mode: "incremental", primaryKey: ["id"], lagMs: SEARCH_LAG_MS } as const;
const STREAMS: StreamSpec[] = [
  {
    ...incremental,
    name: "contacts",
    label: "Contacts",
    description: "People, with their lifecycle stage and first source.",
    schema: hubspotContactSchema,
  },
  {
    ...incremental,
    name: "companies",
    label: "Companies",
    description: "Employers of contacts.",
    schema: hubspotCompanySchema,
  },
  {
    ...incremental,
    name: "deals",
    label: "Deals",
    description: "Deals with their stage, amount and contacts.",
    schema: hubspotDealSchema,
  },
  {
    name: "pipelines",
    label: "Pipelines",
    description: "Pipelines of deals and their stages.",
    mode: "snapshot",
    primaryKey: ["id"],
    schema: hubspotPipelineSchema,
  },
];

/** HubSpot. */
export const hubspot: Driver = {
  name: "hubspot",
  label: VENDOR_LABELS.hubspot,
  category: "crm",
  description: "Contacts, companies, deals and pipelines.",
  baseUrl: "https://api.hubapi.com",
  version: "2026-09",
  // "API versioning": a version is supported for 18 months.
  sunset: "2028-03-09",
  auth: {
    kind: "oauth",
    authorizeBase: "https://app.hubspot.com",
    authorizePath: "/oauth/authorize",
    // OAuth has its own version; v1 ends on 16 February 2027.
    tokenPath: "/oauth/2026-03/token",
    scopes: [
      ...["oauth", "crm.objects.contacts.read", "crm.objects.companies.read", "crm.objects.deals.read"],
      "crm.schemas.deals.read",
    ],
    keys: [
      {
        name: "api_key",
        label: "Service key",
        help: "Settings → Integrations → Service keys, with read access to contacts, companies and deals.",
        kind: "secret",
        required: true,
        placeholder: "pat-na1-…",
      },
    ],
    refreshes: true,
  },
  settings: z.strictObject({}),
  settingFields: [],
  // The lowest limits of any plan: applications may make 110 calls in 10 s, keys of paid plans 190.
  limits: [
    { name: "requests", calls: 100, perMs: 10 * SECOND_MS },
    { name: "search", calls: 5, perMs: SECOND_MS },
  ],
  streams: STREAMS,
  sign: ({ access_token, api_key }) => ({ authorization: `Bearer ${access_token ?? api_key ?? ""}` }),
  check: async (context) => {
    const path = `/account-info/${context.version}/details`;
    const { body } = await context.call({ path, cost: { requests: 1 } });
    const { portalId, companyCurrency } = parseShape("account", accountSchema, body);
    const id = String(portalId);
    return [{ id, name: `Portal ${id}`, currency: companyCurrency ?? null, timezone: null }];
  },
  read: async function* (request, context) {
    if (request.stream.name !== "pipelines") return yield* readRecords(request, context);
    const path = `/crm/pipelines/${context.version}/deals`;
    const { body } = await context.call({ path, cost: { requests: 1 } }, request.account.id);
    for (const record of pipelineRecords(body)) yield { type: "record", record };
  },
  usage,
  failure,
};

const accountSchema = z.object({
  portalId: z.number().int(),
  companyCurrency: z.string().length(3).nullish(),
});

/** Headers of all responses except search. A ten-second window resets quickly; the daily limit does not. */
function usage({ headers }: Answer, _: Call, now: number): Usage[] {
  const number = (name: string) => Number(headers.get(`x-hubspot-ratelimit-${name}`) ?? Number.NaN);
  const [most, left, windowMs] = [number("max"), number("remaining"), number("interval-milliseconds")];
  const [daily, leftToday] = [number("daily"), number("daily-remaining")];
  const found: Usage[] = [];
  if (most > 0 && left >= 0) {
    const until = left === 0 && windowMs > 0 ? { until: now + windowMs } : {};
    found.push({ name: "ten_seconds", used: 1 - left / most, ...until });
  }
  if (daily > 0 && leftToday >= 0) found.push({ name: "daily", used: 1 - leftToday / daily });
  return found;
}

const refusalSchema = z.object({
  category: z.string().optional(),
  policyName: z.string().optional(),
  errors: z.array(z.object({ context: z.record(z.string(), z.array(z.string())).optional() })).optional(),
});
/** Wait when HubSpot does not specify one. The day ends at midnight in the portal's zone, with an hour of uncertainty. */
const WINDOWS_MS: Record<string, number> = {
  SECONDLY: SECOND_MS,
  TEN_SECONDLY_ROLLING: 10 * SECOND_MS,
  DAILY: HOUR_MS,
};

function failure({ status, headers, body }: Answer, { path }: Call, now: number): SourceError | null {
  const ofPath = path.split("?")[0] ?? path;
  if ((status === 200 || status === 207) && typeof body === "object") return null;
  const { category, policyName, errors } = refusalSchema.safeParse(body).data ?? {};
  const reason = `${ofPath} returned ${status}${category ? `, ${category}` : ""}`;
  const seconds = Number(headers.get("retry-after") ?? Number.NaN);
  const retryAfter = seconds > 0 ? { until: now + seconds * SECOND_MS } : {};
  if (status === 401) return new SourceError("auth", "access expired or was revoked");
  if (status === 403) {
    const scopes = errors?.flatMap(({ context }) => context?.requiredGranularScopes ?? []) ?? [];
    return new SourceError(
      "forbidden",
      `no permission to read ${ofPath}: ${scopes.join(", ") || category || ""}`,
    );
  }
  if (status === 404) return new SourceError("forbidden", `${ofPath} is not available in this portal`);
  if (status === 429) {
    const windowMs = WINDOWS_MS[policyName ?? ""];
    const until = windowMs && !retryAfter.until ? { until: now + windowMs } : retryAfter;
    return new SourceError("rate_limited", `the limit ${policyName ?? ""} is used up`, until);
  }
  // 423: concurrent writes; 477: the portal is being migrated.
  const passes = status >= 500 || status < 400 || [408, 423, 477].includes(status);
  return new SourceError(passes ? "unavailable" : "invalid", reason, retryAfter);
}
