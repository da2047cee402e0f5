/**
 * A stand-in for the Google Ads API over REST: OAuth 2, `googleAds:searchStream` and `googleAds:search` over a GAQL
 * subset, access levels, version sunset, and errors as `GoogleAdsFailure`.
 * After the vendor's pages "REST: Search & SearchStream", "Authorization and HTTP headers", "Access levels and
 * permissible use", "Developer token" (sunset 9 September 2026: the header is ignored), "Deprecation and sunset".
 * @module
 */
import { type AdTruth, adTruth, applyToAccount } from "../ads.ts";
import type { Stage, Vendor, VendorApp } from "../server/index.ts";
import { firstTokens, TokenDesk } from "../server/oauth.ts";
import { formBody, jsonBody, router, type VendorAnswer, type VendorRequest } from "../server/routes.ts";
import { failure, failureBody, quotaFailure } from "./failure.ts";
import {
  type AccessLevel,
  type Found,
  isRefusal,
  MANAGER_ID,
  refused,
  rowsOf,
  type Setting,
  versionOf,
} from "./gate.ts";
import { fieldMask } from "./run.ts";

const PREFIX = "ya29.";
const HOUR_MS = 3_600_000;

/** The tokens of the initial connection. */
export const googleAdsTokens = (seed: number) => firstTokens(PREFIX, seed);

/** Options of this stand-in. */
export interface GoogleAdsOptions {
  /** Access level of the Cloud project that owns the OAuth client. Default: `basic`. */
  level?: AccessLevel;
  /** Rows in one batch of a stream and in one page of a search. Default: the vendor's 10,000. */
  batchRows?: number;
}

function token({ desk }: Setting, request: VendorRequest): VendorAnswer {
  const granted = desk.exchange(formBody(request));
  if ("refusal" in granted) {
    const status = granted.refusal === "invalid_client" ? 401 : 400;
    return { status, body: { error: granted.refusal, error_description: granted.detail } };
  }
  const isConsent = formBody(request).get("grant_type") === "authorization_code";
  return {
    body: {
      access_token: granted.access,
      expires_in: granted.expiresInMs / 1000 - 1,
      scope: "https://www.googleapis.com/auth/adwords",
      token_type: "Bearer",
      ...(isConsent && { refresh_token: granted.refresh }),
    },
  };
}

/**
 * One JSON array, a batch per element; the last one also has the cost of the query. Without rows, one batch without
 * results.
 */
function batches(setting: Setting, { query, rows }: Found): object[] {
  const { batchRows, requestId } = setting;
  const id = requestId();
  const count = Math.max(1, Math.ceil(rows.length / batchRows));
  return Array.from({ length: count }, (_, i) => {
    const results = rows.slice(i * batchRows, (i + 1) * batchRows);
    const cost = i === count - 1 && { queryResourceConsumption: String(rows.length * 10) };
    return { ...(results.length > 0 && { results }), fieldMask: fieldMask(query), requestId: id, ...cost };
  });
}

/**
 * Metrics summed over all rows, if requested: sent "in a response by itself after all other query results are
 * returned".
 */
function summary(request: VendorRequest, { query, rows }: Found): object[] {
  if (askedOf(request).get("summaryRowSetting") !== "SUMMARY_ROW_WITH_RESULTS") return [];
  const metrics: Record<string, string | number> = {};
  for (const row of rows)
    for (const [name, value] of Object.entries("metrics" in row ? Object(row.metrics) : {})) {
      const sum = Number(metrics[name] ?? 0) + Number(value);
      metrics[name] = typeof value === "string" ? String(sum) : sum;
    }
  return [{ summaryRow: { metrics }, fieldMask: fieldMask(query) }];
}

function askedOf(request: VendorRequest): Map<string, unknown> {
  const body = jsonBody(request);
  return new Map(typeof body === "object" && body !== null ? Object.entries(body) : []);
}

const streamed = (parts: object[]): VendorAnswer => ({
  headers: { "content-type": "application/json; charset=UTF-8" },
  body: `[${parts.map((part) => JSON.stringify(part)).join("\n,\n")}\n]`,
});

const dayOf = (row: object): string =>
  "segments" in row && typeof row.segments === "object" && row.segments !== null && "date" in row.segments
    ? String(row.segments.date)
    : "";

/** The rows of all days but the last, as when a report is read before it is complete. */
function withoutLastDay(rows: object[]): object[] {
  const last = rows.map(dayOf).reduce((a, b) => (a > b ? a : b), "");
  return rows.filter((row) => dayOf(row) !== last);
}

function searchStream(setting: Setting, request: VendorRequest): VendorAnswer {
  const found = rowsOf(setting, request);
  if (isRefusal(found)) return found;
  const { faults } = setting.stage;
  const isCut = faults.take("truncate", request.path) !== undefined;
  const parts = batches(setting, isCut ? { ...found, rows: withoutLastDay(found.rows) } : found);
  const isRepeated = faults.take("repeat_page", request.path) !== undefined;
  return streamed([...(isRepeated ? parts.slice(0, 1) : []), ...parts, ...summary(request, found)]);
}

/** Fixed pages; requesting a size is an error ("Paging through results", `PAGE_SIZE_NOT_SUPPORTED`). */
function search(setting: Setting, request: VendorRequest): VendorAnswer {
  const { stage, batchRows, requestId } = setting;
  const version = versionOf(request);
  const asked = askedOf(request);
  if (asked.has("pageSize") || asked.has("page_size")) {
    const message =
      "Setting the page size is not supported. Search Responses will have fixed page size of '10000' rows.";
    return failure(
      400,
      version,
      { errorCode: { requestError: "PAGE_SIZE_NOT_SUPPORTED" }, message },
      requestId(),
    );
  }
  const found = rowsOf(setting, request);
  if (isRefusal(found)) return found;
  const start = asked.has("pageToken") ? Number(/^page-(\d+)$/.exec(String(asked.get("pageToken")))?.[1]) : 0;
  if (!Number.isInteger(start) || start > found.rows.length) {
    const message = "Page token is invalid.";
    return failure(400, version, { errorCode: { requestError: "INVALID_PAGE_TOKEN" }, message }, requestId());
  }
  const end = start + batchRows;
  const isRepeated = start > 0 && stage.faults.take("repeat_page", request.path);
  const results = isRepeated ? found.rows.slice(start - batchRows, start) : found.rows.slice(start, end);
  const nextPageToken = end < found.rows.length ? `page-${end}` : undefined;
  const settings = asked.get("searchSettings");
  const isCounted =
    typeof settings === "object" && JSON.stringify(settings).includes('"returnTotalResultsCount":true');
  const counted = isCounted && found.rows.length > 0 && { totalResultsCount: String(found.rows.length) };
  return {
    body: {
      ...(results.length > 0 && { results }),
      nextPageToken,
      ...counted,
      fieldMask: fieldMask(found.query),
    },
  };
}

/** After some good batches the stream reports an error, although its status was 200. */
function brokenStream(setting: Setting, request: VendorRequest): VendorAnswer {
  const found = rowsOf(setting, request);
  if (isRefusal(found)) return found;
  const parts = batches({ ...setting, batchRows: Math.max(1, Math.ceil(found.rows.length / 2)) }, found);
  return streamed([...parts.slice(0, 1), failureBody(503, versionOf(request))]);
}

function open(stage: Stage, options: GoogleAdsOptions): VendorApp<AdTruth> {
  const { level = "basic", batchRows = 10_000 } = options;
  const rules = { prefix: PREFIX, accessLifeMs: HOUR_MS, refreshLifeMs: Infinity };
  const desk = new TokenDesk(rules, stage.seed, stage.now);
  desk.grant();
  let requests = 0;
  const requestId = () => `stand-in-${++requests}`;
  const setting: Setting = { stage, desk, level, batchRows, operations: new Map(), requestId };
  const guarded =
    (answer: (setting: Setting, request: VendorRequest) => VendorAnswer) => (request: VendorRequest) =>
      refused(setting, request) ?? answer(setting, request);
  const routes = router({
    "GET /o/oauth2/v2/auth": (request) => desk.consent(request, "Google Ads"),
    "POST /token": (request) => token(setting, request),
  });
  const verbs: [RegExp, (request: VendorRequest) => VendorAnswer][] = [
    [/^\/v\d+\/customers\/[^/]+\/googleAds:searchStream$/, guarded(searchStream)],
    [/^\/v\d+\/customers\/[^/]+\/googleAds:search$/, guarded(search)],
    [
      /^\/v\d+\/customers:listAccessibleCustomers$/,
      guarded(() => ({ body: { resourceNames: [`customers/${MANAGER_ID}`] } })),
    ],
  ];
  const notFound: VendorAnswer = {
    status: 404,
    headers: { "content-type": "text/html" },
    body: "<title>404</title>",
  };
  return {
    handle: (request) =>
      routes(request) ?? verbs.find(([pattern]) => pattern.test(request.path))?.[1](request) ?? notFound,
    throttled: (request, variant) =>
      variant === "RESOURCE_EXHAUSTED"
        ? quotaFailure(versionOf(request), variant, `Number of operations for ${level} access`, HOUR_MS)
        : quotaFailure(versionOf(request), "RESOURCE_TEMPORARILY_EXHAUSTED", "Requests per account", 5_000),
    broken: (request, variant) =>
      variant === "stream"
        ? brokenStream(setting, request)
        : failure(Number(variant ?? 500), versionOf(request), {
            errorCode: { internalError: variant === 504 ? "DEADLINE_EXCEEDED" : "INTERNAL_ERROR" },
            message: "An internal error has occurred.",
          }),
    misbehave: (fault) => {
      if (fault.kind === "expire_tokens") desk.expireAll();
      if (fault.kind === "revoke") desk.revokeAll();
      applyToAccount(stage, "google_ads", fault, {
        campaign: (truth) => truth.campaigns,
        ad_group: (truth) => truth.groups,
        ad_group_ad: (truth) => truth.ads,
        ad_group_criterion: (truth) => truth.keywords,
      });
    },
    truth: () => adTruth(stage, "google_ads"),
  };
}

/** The Google Ads API. */
export function googleAds(options: GoogleAdsOptions = {}): Vendor<AdTruth> {
  return {
    name: "google-ads",
    faults: {
      throttle: "429 with quotaErrorDetails; variant RESOURCE_EXHAUSTED is the day's quota (an hour to wait)",
      fail: "500 INTERNAL; variants 503, 504, and `stream`: an error object after half of the rows",
      drop: "the stream ends in the middle of its JSON",
      truncate: "searchStream silently omits the rows of its last day",
      repeat_page:
        "a page of googleAds:search has the rows of the previous page; a stream its first batch twice",
      expire_tokens: "401 UNAUTHENTICATED until refreshed",
      revoke: "401, and invalid_grant at the token endpoint",
      restate: "the last whole days change",
      remove:
        "status REMOVED in campaign, ad_group, ad_group_ad or ad_group_criterion; rows stay in the responses",
      drift: "stream is the resource after FROM",
    },
    open: (stage) => open(stage, options),
  };
}
