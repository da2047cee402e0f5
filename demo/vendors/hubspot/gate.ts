/**
 * Authentication and limits of HubSpot. From "API usage guidelines": 190 requests in 10 s with a service key and a
 * daily limit reported in headers, 110 for an OAuth application and none by day, search 5 a second without headers.
 * @module
 */

import type { Stage } from "../server/index.ts";
import { rateWindow } from "../server/limits.ts";
import type { TokenDesk } from "../server/oauth.ts";
import { bearer, type VendorAnswer, type VendorRequest } from "../server/routes.ts";
import { notAuthenticated, rateLimited, scopesMissing, tokenExpired } from "./errors.ts";

/** Service keys of the account. */
export const HUBSPOT_KEYS = {
  full: "pat-na1-standin-service-key-0001",
  /** Cannot read deals: 403 `MISSING_SCOPES`. */
  noDeals: "pat-na1-standin-service-key-0002",
} as const;

const DAILY_LIMIT = 650_000;
const TEN_SECONDS_MS = 10_000;

/** Returns the caller's limits, or the refusal. */
export function makeGate(stage: Stage, desk: TokenDesk, isRevoked: () => boolean) {
  const tenSeconds = rateWindow(TEN_SECONDS_MS, stage.now);
  const second = rateWindow(1_000, stage.now);
  const day = rateWindow(86_400_000, stage.now);

  const refused = (token: string | undefined, path: string): VendorAnswer | undefined => {
    const isKey = Object.values<string>(HUBSPOT_KEYS).includes(token ?? "");
    if (isKey && isRevoked()) return notAuthenticated();
    if (token === HUBSPOT_KEYS.noDeals && path.includes("/deals"))
      return scopesMissing("crm.objects.deals.read");
    if (isKey) return undefined;
    const worth = desk.check(token);
    if (worth === "valid") return undefined;
    return worth === "expired" ? tokenExpired() : notAuthenticated();
  };

  return (request: VendorRequest, answer: () => VendorAnswer): VendorAnswer => {
    const token = bearer(request);
    const wrong = refused(token, request.path);
    if (wrong) return wrong;
    const isSearch = request.path.endsWith("/search");
    if (isSearch) return stage.limits && second("search", 5) < 0 ? rateLimited("SECONDLY") : answer();
    const isKey = token?.startsWith("pat-") === true;
    const most = isKey ? 190 : 110;
    const left = tenSeconds(token ?? "", most);
    const leftToday = day("all", DAILY_LIMIT);
    if (stage.limits && leftToday < 0) return rateLimited("DAILY");
    if (stage.limits && left < 0) return rateLimited("TEN_SECONDLY_ROLLING");
    // OAuth calls have no daily limit, so those two headers are only for keys.
    const daily = {
      "x-hubspot-ratelimit-daily": String(DAILY_LIMIT),
      "x-hubspot-ratelimit-daily-remaining": String(Math.max(0, leftToday)),
    };
    const own = answer();
    const headers = {
      "x-hubspot-ratelimit-max": String(most),
      "x-hubspot-ratelimit-remaining": String(Math.max(0, left)),
      "x-hubspot-ratelimit-interval-milliseconds": String(TEN_SECONDS_MS),
      ...(isKey && daily),
    };
    return { ...own, headers: { ...headers, ...own.headers } };
  };
}
