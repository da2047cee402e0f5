/**
 * A stand-in for LinkedIn's Marketing API: ad accounts, campaigns, creatives, `adAnalytics`, monthly versions, tokens
 * of 60 days with refresh tokens of a year, unpublished daily limits. After the vendor's pages "Versioning",
 * "Reporting", "Rate Limiting", "Query Tunneling", "Refresh Tokens with OAuth 2.0".
 * @module
 */
import { type AdTruth, adTruth, applyToAccount } from "../ads.ts";
import type { Stage, Vendor, VendorApp } from "../server/index.ts";
import { firstTokens, TokenDesk } from "../server/oauth.ts";
import { bearer, formBody, router, type VendorAnswer, type VendorRequest } from "../server/routes.ts";
import { analytics } from "./analytics.ts";
import { badParameter, dataThrottled, refusal, throttled, tokenRefusal } from "./errors.ts";
import { accountElement, campaignElement, creativeElement, page, searchedStatuses } from "./objects.ts";
import { parseRestli, RestliSyntaxError, rawParameters, texts } from "./restli.ts";

const PREFIX = "AQXstandin-";
const DAY_MS = 86_400_000;
/** "Query tunnelling" is for longer ones; the limit is about 4 kB. */
const QUERY_BYTES_MAX = 4_096;
const DATA_WINDOW_MS = 5 * 60_000;
const DATA_VALUES_MAX = 45_000_000;

/** The last day of versions whose end was announced; others end on the 16th a year later. */
const ENDS: Record<string, string> = {
  "202511": "2026-11-16",
  "202601": "2027-01-15",
  "202603": "2027-03-16",
};

/** The tokens of the initial connection. */
export const linkedinAdsTokens = (seed: number) => firstTokens(PREFIX, seed);

/** Options of this stand-in. */
export interface LinkedinAdsOptions {
  /** Elements after which `adAnalytics` is silently truncated. Default: the vendor's 15,000. */
  elementsMax?: number;
  /** Calls of each resource in a UTC day; the vendor does not publish its number. Default: Infinity. */
  callsADay?: number;
}

interface Setting {
  stage: Stage;
  desk: TokenDesk;
  elementsMax: number;
  callsADay: number;
  /** Calls by day and resource. */
  calls: Map<string, number>;
  /** Metric values sent, with their times. */
  values: { at: number; count: number }[];
}

type Parameters = Map<string, string>;

function endOf(version: string): number {
  const year = Number(version.slice(0, 4)) + 1;
  return Date.parse(ENDS[version] ?? `${year}-${version.slice(4)}-16`);
}

/** Checks version, protocol, token and the day's quota. */
function refused(setting: Setting, request: VendorRequest, parameters: Parameters): VendorAnswer | undefined {
  const { stage, desk, calls, callsADay } = setting;
  const version = request.headers["linkedin-version"];
  if (version === undefined)
    return refusal(
      400,
      "VERSION_MISSING",
      "A version must be present. Please specify a version by adding the LinkedIn-Version header.",
    );
  if (!/^\d{4}(0[1-9]|1[0-2])$/.test(version))
    return refusal(400, "INVALID_VERSION", `Invalid version ${version}`);
  const thisMonth = new Date(stage.now()).toISOString().slice(0, 7).replace("-", "");
  if (version > thisMonth || endOf(version) <= stage.now())
    return refusal(426, "NONEXISTENT_VERSION", `Requested version ${version}01 is not active`);
  const worth = desk.check(bearer(request));
  if (worth !== "valid") return tokenRefusal(worth);
  const isStructured = [...parameters.values()].some((value) => value.includes("("));
  if (isStructured && request.headers["x-restli-protocol-version"] !== "2.0.0")
    return badParameter("Invalid query parameters passed to request");
  const key = `${new Date(stage.now()).toISOString().slice(0, 10)} ${request.path.split("/").at(-1)}`;
  calls.set(key, (calls.get(key) ?? 0) + 1);
  return stage.limits && (calls.get(key) ?? 0) > callsADay ? throttled("APPLICATION") : undefined;
}

function finder(parameters: Parameters, name: string): VendorAnswer | undefined {
  const q = parameters.get("q");
  return q === name ? undefined : refusal(404, "NOT_FOUND", `No finder ${q ?? ""} on this resource`);
}

function objects(setting: Setting, request: VendorRequest, parameters: Parameters): VendorAnswer {
  const { stage } = setting;
  const { id, edge } = request.params;
  const account = stage.account.adAccounts.find((each) => each.platform === "linkedin_ads" && each.id === id);
  if (account === undefined) return refusal(404, "NOT_FOUND", `The ad account ${id} was not found`);
  const isRepeated = () => stage.faults.take("repeat_page", request.path) !== undefined;
  if (edge === "adCampaigns") {
    const wrong = finder(parameters, "search");
    if (wrong) return wrong;
    const wanted = searchedStatuses(parameters);
    const elements = account.campaigns
      .map((campaign) => campaignElement(stage, account, campaign))
      .filter((element) => !wanted || ("status" in element && wanted.includes(String(element.status))))
      .map((element) => stage.faults.shape("adCampaigns", element));
    return page(elements, parameters, { sizeMax: 1_000, isRepeated });
  }
  if (edge !== "creatives") return refusal(404, "NOT_FOUND", `No resource ${edge}`);
  const wrong = finder(parameters, "criteria");
  if (wrong) return wrong;
  const campaigns = texts(parseRestli(parameters.get("campaigns") ?? ""));
  const elements = stage.account
    .adPaths("linkedin_ads")
    .filter(
      ({ campaign }) =>
        campaigns.length === 0 || campaigns.includes(`urn:li:sponsoredCampaign:${campaign.id}`),
    )
    .map((path) => stage.faults.shape("creatives", creativeElement(stage, path)));
  return page(elements, parameters, { sizeMax: 100, isRepeated });
}

function accounts({ stage }: Setting, _: VendorRequest, parameters: Parameters): VendorAnswer {
  const wrong = finder(parameters, "search");
  if (wrong) return wrong;
  const own = stage.account.adAccounts.filter(({ platform }) => platform === "linkedin_ads");
  return page(own.map(accountElement), parameters, { sizeMax: 1_000, isRepeated: () => false });
}

/** Truncated silently at the maximum: only the exact count reveals it. */
function report(setting: Setting, request: VendorRequest, parameters: Parameters): VendorAnswer {
  const { stage, elementsMax, values } = setting;
  const wrong = finder(parameters, "analytics");
  if (wrong) return wrong;
  const found = analytics(stage, parameters);
  if (!Array.isArray(found)) return found;
  const count = found.length * (parameters.get("fields") ?? "impressions,clicks").split(",").length;
  const since = stage.now() - DATA_WINDOW_MS;
  const recent = values.filter(({ at }) => at > since).reduce((total, each) => total + each.count, 0);
  if (stage.limits && recent + count > DATA_VALUES_MAX) return dataThrottled();
  values.push({ at: stage.now(), count });
  const isCut = stage.faults.take("truncate", request.path) !== undefined;
  const elements = found.slice(0, isCut ? Math.floor(found.length / 2) : elementsMax);
  return { body: { elements, paging: { start: 0, count: 10, links: [] } } };
}

/** Refreshing preserves the refresh token and its end: after a year a new consent is required. */
function token({ desk }: Setting, request: VendorRequest): VendorAnswer {
  const granted = desk.exchange(formBody(request));
  if ("refusal" in granted) {
    const status = granted.refusal === "invalid_client" ? 401 : 400;
    return { status, body: { error: granted.refusal, error_description: granted.detail } };
  }
  return {
    body: {
      access_token: granted.access,
      expires_in: granted.expiresInMs / 1000,
      refresh_token: granted.refresh,
      refresh_token_expires_in: Math.floor(granted.refreshExpiresInMs / 1000),
      scope: "r_ads,r_ads_reporting",
    },
  };
}

type Answer = (setting: Setting, request: VendorRequest, parameters: Parameters) => VendorAnswer;

/** Checks a call and answers it; a tunneled query is in the body of a POST. */
function guarded(setting: Setting, answer: Answer) {
  return (request: VendorRequest): VendorAnswer => {
    const isTunnelled = request.method === "POST";
    if (isTunnelled && request.headers["x-http-method-override"] !== "GET")
      return refusal(405, "METHOD_NOT_ALLOWED", "Only finders are here");
    if (!isTunnelled && Buffer.byteLength(request.search) > QUERY_BYTES_MAX)
      return { status: 414, headers: { "content-type": "text/html" }, body: "<h1>URI Too Long</h1>" };
    const parameters = rawParameters(isTunnelled ? request.body : request.search);
    const wrong = refused(setting, request, parameters);
    if (wrong) return wrong;
    try {
      return answer(setting, request, parameters);
    } catch (error) {
      if (error instanceof RestliSyntaxError)
        return badParameter("Invalid query parameters passed to request");
      throw error;
    }
  };
}

/** LinkedIn has no ad groups: creatives belong to campaigns. */
function truth(stage: Stage): AdTruth {
  const all = adTruth(stage, "linkedin_ads");
  const campaignOf = new Map(all.groups.map(({ id, parentId }) => [id, parentId]));
  return {
    ...all,
    groups: [],
    ads: all.ads.map((ad) => ({ ...ad, parentId: campaignOf.get(ad.parentId) ?? "" })),
    days: (from, to) => all.days(from, to).map((day) => ({ ...day, groupId: "" })),
  };
}

function open(stage: Stage, options: LinkedinAdsOptions): VendorApp<AdTruth> {
  const { elementsMax = 15_000, callsADay = Infinity } = options;
  const rules = { prefix: PREFIX, accessLifeMs: 60 * DAY_MS, refreshLifeMs: 365 * DAY_MS };
  const desk = new TokenDesk(rules, stage.seed, stage.now);
  desk.grant();
  const setting: Setting = { stage, desk, elementsMax, callsADay, calls: new Map(), values: [] };
  const both = (path: string, answer: Answer) => ({
    [`GET ${path}`]: guarded(setting, answer),
    [`POST ${path}`]: guarded(setting, answer),
  });
  const routes = router({
    "GET /oauth/v2/authorization": (request) => desk.consent(request, "LinkedIn Ads"),
    "POST /oauth/v2/accessToken": (request) => token(setting, request),
    ...both("/rest/adAnalytics", report),
    ...both("/rest/adAccounts", accounts),
    ...both("/rest/adAccounts/:id/:edge", objects),
  });
  return {
    handle: (request) => routes(request) ?? refusal(404, "NOT_FOUND", "No virtual resource found"),
    throttled: (_, variant) => (variant === "data" ? dataThrottled() : throttled("APPLICATION_AND_MEMBER")),
    broken: (_, variant) => refusal(Number(variant ?? 500), "INTERNAL_SERVER_ERROR", "Internal Server Error"),
    misbehave: (fault) => {
      if (fault.kind === "expire_tokens") desk.expireAll();
      if (fault.kind === "revoke") desk.revokeAll();
      applyToAccount(stage, "linkedin_ads", fault, {
        adCampaigns: (all) => all.campaigns,
        creatives: (all) => all.ads,
      });
    },
    truth: () => truth(stage),
  };
}

/** LinkedIn's Marketing API. */
export function linkedinAds(options: LinkedinAdsOptions = {}): Vendor<AdTruth> {
  return {
    name: "linkedin-ads",
    faults: {
      throttle:
        "429 until midnight UTC, without Retry-After; variant `data` is the five-minute limit on values",
      fail: "500; variants 502, 503, 504",
      drop: "the connection ends in the middle of the body",
      truncate: "adAnalytics silently returns half of its elements",
      repeat_page: "a page of campaigns or creatives has the elements of the previous page",
      expire_tokens: "401 with 65602 until refreshed",
      revoke: "401 with 65601, and invalid_grant at the token endpoint",
      restate: "the last whole days change",
      remove: "status REMOVED in adCampaigns or creatives",
      archive: "status ARCHIVED in adCampaigns or creatives",
      drift: "stream is adCampaigns, creatives or adAnalytics",
    },
    open: (stage) => open(stage, options),
  };
}
