/**
 * A stand-in for Meta's Marketing API: ad objects, insights (sync and async), batches, usage headers, error codes,
 * long-lived tokens, version sunset.
 * After the vendor's pages "Marketing API Changelog: Versions", "Batch Requests", "Rate Limits", "Access Tokens for
 * Meta Technologies", "Insights API Asynchronous Jobs", "Manage Your Ad Object's Status".
 * @module
 */
import { type AdTruth, adTruth, applyToAccount } from "../ads.ts";
import type { Stage, Vendor, VendorApp } from "../server/index.ts";
import { firstTokens, TokenDesk } from "../server/oauth.ts";
import { bearer, type VendorAnswer, type VendorRequest } from "../server/routes.ts";
import { answer, type Call, callOf, LATEST, type Setting, useCaseOf } from "./answer.ts";
import { badParameter, FAILURES, graphError, THROTTLES, tokenError } from "./errors.ts";
import { jsonOf } from "./parameters.ts";
import { Reports } from "./reports.ts";
import { type Tier, Usage } from "./usage.ts";

const PREFIX = "EAAstandin";
const HOUR_MS = 3_600_000;
const SHORT_LIFE_MS = 2 * HOUR_MS;
const LONG_LIFE_MS = 60 * 24 * HOUR_MS;
/** "Batch Requests: limited to 50 requests per batch"; each counts toward the limits. */
const BATCH_MAX = 50;

/** Versions and their end in the Marketing API; the last one that ended is upgraded, older ones are refused. */
const VERSIONS: Record<string, string> = {
  "v23.0": "2026-06-09",
  "v24.0": "2026-10-06",
  "v25.0": "2027-06-01",
  "v26.0": "2028-01-01",
};

/** The token of the initial connection: long-lived, from the day the stand-in started. */
export const metaAdsToken = (seed: number): string => firstTokens(PREFIX, seed).access;

/** Options of this stand-in. */
export interface MetaAdsOptions {
  /** Access tier of the app. Default: `limited`. */
  tier?: Tier;
  /** Share of the documented limits, to reach them with few calls. Default: 1. */
  limitFactor?: number;
  /** Polls until an asynchronous report is complete. Default: 2. */
  polls?: number;
  /** Most rows of one insights query ("Data Per Call Limits", unpublished). Default: 100,000. */
  maxRows?: number;
}

/** Counts the call and answers it, with the usage headers. */
function metered(setting: Setting, call: Call, willFail = false): VendorAnswer {
  const { usage } = setting;
  const useCase = useCaseOf(setting, call);
  const isAllowed = usage.spend(useCase);
  const limit = THROTTLES[useCase === "ads_insights" ? "80000" : "80004"];
  const found = isAllowed || limit === undefined ? answer(setting, call, willFail) : graphError(limit);
  return { ...found, headers: { ...found.headers, ...usage.headers(useCase) } };
}

/** Several calls in one, answered in order; a `truncate` fault leaves the last half `null`, as on a timeout. */
function batch(setting: Setting, call: Call): VendorAnswer {
  const asked = jsonOf(call.parameters, "batch");
  if (!Array.isArray(asked)) return badParameter("param batch must be an array.");
  if (asked.length > BATCH_MAX)
    return graphError({
      code: -1,
      type: "GraphBatchException",
      message: `Too many requests in batch message. Maximum batch size is ${BATCH_MAX}`,
    });
  const withHeaders = call.parameters.get("include_headers") !== "false";
  const isCut = setting.stage.faults.take("truncate", call.path) !== undefined;
  const body = asked.map((each, i) => {
    if (isCut && i >= asked.length / 2) return null;
    const [path = "", search = ""] = String(each?.relative_url ?? "").split("?");
    const request: VendorRequest = {
      method: String(each?.method ?? "GET"),
      path: `/${path.replace(/^\//, "")}`,
      query: new URLSearchParams(search),
      search,
      headers: {},
      body: String(each?.body ?? ""),
      params: {},
    };
    const { status = 200, headers = {}, body: found } = metered(setting, callOf(setting, request));
    const listed = Object.entries(headers).map(([name, value]) => ({ name, value }));
    return { code: status, ...(withHeaders && { headers: listed }), body: JSON.stringify(found) };
  });
  return { body, parts: asked.length };
}

/**
 * Codes become short-lived tokens, and those long-lived ones ("Long-Lived Access Tokens"); there is no refresh token.
 */
function token({ desk }: Setting, { parameters }: Call): VendorAnswer {
  const isTrade = parameters.get("grant_type") === "fb_exchange_token";
  const form = new URLSearchParams(parameters);
  form.set("grant_type", "authorization_code");
  const isGood = desk.check(parameters.get("fb_exchange_token")) === "valid";
  const granted = isTrade ? (isGood ? desk.grant(LONG_LIFE_MS) : undefined) : desk.exchange(form);
  if (granted === undefined) return tokenError("expired");
  if ("refusal" in granted) {
    const code = granted.refusal === "invalid_client" ? 101 : 100;
    return graphError({ code, message: granted.detail, type: "OAuthException" });
  }
  const { access, expiresInMs } = granted;
  return { body: { access_token: access, token_type: "bearer", expires_in: expiresInMs / 1000 } };
}

/** An ended version is answered by the next one for some time ("Auto-upgrade"), then refused with 2635. */
function versionAnswer(stage: Stage, version: string): { served: string } | VendorAnswer {
  const names = Object.keys(VERSIONS);
  const live = names.filter((name) => Date.parse(VERSIONS[name] ?? "") > stage.now());
  const oldest = live[0] ?? LATEST;
  if (live.includes(version)) return { served: version };
  if (names[names.indexOf(oldest) - 1] === version) return { served: oldest };
  if (Number(version.slice(1)) > Number(LATEST.slice(1)))
    return graphError({ code: 2500, message: `Unknown API version: ${version}` });
  return graphError({
    code: 2635,
    message: `(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: ${LATEST}.`,
  });
}

function handle(setting: Setting, request: VendorRequest, willFail = false): VendorAnswer {
  const { desk, stage } = setting;
  const call = callOf(setting, request);
  const version = versionAnswer(stage, call.version);
  if (!("served" in version)) return version;
  const [first, second] = call.parts;
  if (first === "dialog" && second === "oauth") return desk.consent(request, "Meta Ads");
  if (first === "oauth" && second === "access_token") return token(setting, call);
  const worth = desk.check(bearer(request) ?? call.parameters.get("access_token"));
  if (worth !== "valid") return tokenError(worth);
  const isBatch = call.parts.length === 0 && request.method === "POST";
  const found = isBatch ? batch(setting, call) : metered(setting, call, willFail);
  const warning = version.served !== call.version && {
    "x-ad-api-version-warning": `The call has been auto-upgraded to ${version.served} as ${call.version} has been deprecated.`,
  };
  return { ...found, headers: { ...found.headers, "facebook-api-version": version.served, ...warning } };
}

function open(stage: Stage, options: MetaAdsOptions): VendorApp<AdTruth> {
  const { tier = "limited", limitFactor = 1, polls = 2, maxRows = 100_000 } = options;
  const rules = { prefix: PREFIX, accessLifeMs: SHORT_LIFE_MS, refreshLifeMs: LONG_LIFE_MS };
  const desk = new TokenDesk(rules, stage.seed, stage.now);
  desk.grant(LONG_LIFE_MS);
  const [account] = stage.account.adAccounts.filter(({ platform }) => platform === "meta_ads");
  const usage = new Usage(stage, tier, account?.id ?? "", limitFactor);
  const setting: Setting = { stage, desk, usage, reports: new Reports(stage, polls), maxRows };
  return {
    handle: (request) => handle(setting, request),
    throttled: (request, variant) => {
      const useCase = useCaseOf(setting, callOf(setting, request));
      const usual = useCase === "ads_insights" ? "80000" : "80004";
      const error = THROTTLES[String(variant ?? usual)] ?? { code: Number(variant), message: "Throttled" };
      return { ...graphError(error), headers: usage.headers(useCase, 60_000) };
    },
    broken: (request, variant) => {
      if (variant === "async") return handle(setting, request, true);
      const failure = FAILURES[String(variant ?? 500)];
      return failure ? graphError(failure.error, failure.status) : { status: Number(variant) };
    },
    misbehave: (fault) => {
      if (fault.kind === "expire_tokens") desk.expireAll();
      if (fault.kind === "revoke") desk.revokeAll();
      applyToAccount(stage, "meta_ads", fault, {
        campaigns: (truth) => truth.campaigns,
        adsets: (truth) => truth.groups,
        ads: (truth) => truth.ads,
      });
    },
    truth: () => adTruth(stage, "meta_ads"),
  };
}

/** The Marketing API. */
export function metaAds(options: MetaAdsOptions = {}): Vendor<AdTruth> {
  return {
    name: "meta-ads",
    faults: {
      throttle:
        "400 with code 80000 or 80004; variants 4, 17, 613; usage headers at 100 %, one minute to wait",
      fail: "500 code 1; variants 503, 1504018 and 1504038 (timed out), 1487534 (too much data), `async` (the run fails)",
      drop: "the connection ends in the middle of the body",
      truncate: "the last half of a batch's answers is null",
      skip_page: "a later page skips one page of rows",
      repeat_page: "a page has the rows of the previous page",
      expire_tokens: "190 subcode 463; no refresh, only a new consent",
      revoke: "190 subcode 458",
      restate: "the last whole days change",
      remove: "status DELETED in campaigns, adsets or ads: listed only by id or with a filter",
      archive: "status ARCHIVED: listed only by id or with a filter",
      drift: "stream is campaigns, adsets, ads or insights",
    },
    open: (stage) => open(stage, options),
  };
}
