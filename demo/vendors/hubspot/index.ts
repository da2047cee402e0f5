/**
 * HubSpot's CRM: records by list, search and batch, associations and pipelines. Behavior from "Search the CRM", "CRM
 * API | Objects" (100 a page, archived ones listed for 90 days), "OAuth guide" (30 minutes) and "API usage guidelines"
 * (190 requests in 10 s with a service key, 110 for an OAuth app, search 5 a second and without usage headers).
 * @module
 */

import type { Misbehavior } from "../server/faults.ts";
import type { Stage, Vendor, VendorApp } from "../server/index.ts";
import { firstTokens, TokenDesk } from "../server/oauth.ts";
import { formBody, type Handler, router } from "../server/routes.ts";
import { broken, notFound, rateLimited, tokenRefused } from "./errors.ts";
import { HUBSPOT_KEYS, makeGate } from "./gate.ts";
import { type HubspotRecords, hubspotWorld, pipelines } from "./objects.ts";
import { isType, makeHandlers } from "./records.ts";

export { HUBSPOT_KEYS };

/** Supported versions: by date, and `v3` until September 2027. */
export const HUBSPOT_VERSIONS = ["2026-09", "2026-03", "v3"] as const;

const TOKEN_RULES = { prefix: "hub-", accessLifeMs: 30 * 60_000, refreshLifeMs: Infinity };

/** The tokens of the initial connection; later ones come from the consent page. */
export const hubspotTokens = (seed: number) => firstTokens(TOKEN_RULES.prefix, seed);

/** The expected contents of synced tables: records that are not archived, and separately those that are. */
export interface HubspotTruth extends HubspotRecords {
  archived: HubspotRecords;
  pipelines: object[];
  /** Ids of contacts by the deal that they belong to. */
  dealContacts: Record<string, string[]>;
}

/** The response to a token request; versions do not differ in the parts used here. */
function tokenHandler(desk: TokenDesk): Handler {
  return (request) => {
    const granted = desk.exchange(formBody(request));
    if ("refusal" in granted) {
      const isRefresh = formBody(request).get("grant_type") === "refresh_token";
      if (granted.refusal === "invalid_client")
        return tokenRefused("BAD_CLIENT_ID", "missing or unknown client id");
      if (granted.refusal !== "invalid_grant") return tokenRefused("BAD_GRANT_TYPE", granted.detail);
      return isRefresh
        ? tokenRefused("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
        : tokenRefused("BAD_AUTH_CODE", "missing or unknown auth code");
    }
    const { access: access_token, refresh: refresh_token, expiresInMs } = granted;
    return { body: { token_type: "bearer", access_token, refresh_token, expires_in: expiresInMs / 1_000 } };
  };
}

function open(given: Stage): VendorApp<HubspotTruth> {
  // Whole seconds, so that the records of one second are generated once.
  const stage: Stage = { ...given, now: () => Math.floor(given.now() / 1_000) * 1_000 };
  const { account } = stage;
  const desk = new TokenDesk(TOKEN_RULES, stage.seed, stage.now);
  desk.grant();
  let isRevoked = false;
  const world = hubspotWorld(account);
  const { list, search, batch, associated, one } = makeHandlers(stage, world);
  const gate = makeGate(stage, desk, () => isRevoked);

  const consent: Handler = (request) => {
    const query = new URLSearchParams(request.query);
    query.set("response_type", "code"); // HubSpot's install URL does without
    return desk.consent({ ...request, query }, "HubSpot");
  };
  const open = router({
    "GET /oauth/authorize": consent,
    "POST /oauth/:version/token": tokenHandler(desk),
  });
  const details = {
    portalId: 20_260_101,
    accountType: "STANDARD",
    timeZone: "Europe/Berlin",
    companyCurrency: "USD",
  };
  const routes: Record<string, Handler> = {};
  for (const version of HUBSPOT_VERSIONS) {
    const room = (name: string) => (version === "v3" ? `/crm/v3/${name}` : `/crm/${name}/${version}`);
    routes[`GET ${room("objects")}/:type`] = list;
    routes[`POST ${room("objects")}/:type/search`] = search;
    routes[`POST ${room("objects")}/:type/batch/read`] = batch;
    routes[`GET ${room("objects")}/:type/:id`] = one;
    routes[`POST ${room("associations")}/:from/:to/batch/read`] = associated;
    routes[`GET ${room("pipelines")}/deals`] = () => ({ body: { results: pipelines(account) } });
    routes[`GET /account-info/${version}/details`] = () => ({ body: details });
  }
  const route = router(routes);

  const mark = (fault: Extract<Misbehavior, { kind: "remove" | "archive" }>) => {
    if (!isType(fault.stream)) throw new Error(`hubspot has no ${fault.stream}`);
    const marks = fault.kind === "remove" ? account.removed : account.archived;
    const alive = world.records(stage.now())[fault.stream].filter(({ archived }) => !archived);
    const ids = fault.ids ?? alive.slice(0, fault.count ?? 1).map(({ id }) => id);
    for (const id of ids) marks.set(id, stage.now());
  };

  return {
    handle: (request) => open(request) ?? gate(request, () => route(request) ?? notFound()),
    throttled: (_, variant) => rateLimited(String(variant ?? "TEN_SECONDLY_ROLLING")),
    broken: (_, variant) => broken(Number(variant ?? 500)),
    misbehave: (fault) => {
      if (fault.kind === "expire_tokens") desk.expireAll();
      if (fault.kind === "revoke") {
        desk.revokeAll();
        isRevoked = true;
      }
      const at = stage.now();
      if (fault.kind === "restate") world.reprice(at - fault.days * 86_400_000, 1 + fault.percent / 100, at);
      if (fault.kind === "remove" || fault.kind === "archive") mark(fault);
    },
    truth: () => {
      const all = world.records(stage.now());
      const split = (wanted: boolean): HubspotRecords => ({
        contacts: all.contacts.filter(({ archived }) => archived === wanted),
        companies: all.companies.filter(({ archived }) => archived === wanted),
        deals: all.deals.filter(({ archived }) => archived === wanted),
      });
      const links = world.associations(stage.now());
      const dealContacts = Object.fromEntries(all.deals.map(({ id }) => [id, links.get(id)?.contacts ?? []]));
      return { ...split(false), archived: split(true), pipelines: pipelines(account), dealContacts };
    },
  };
}

/** HubSpot's stand-in. */
export const hubspot: Vendor<HubspotTruth> = {
  name: "hubspot",
  faults: {
    throttle:
      "429 `RATE_LIMIT`; variant: TEN_SECONDLY_ROLLING (with Retry-After), SECONDLY or DAILY (without)",
    fail: "500 with JSON; variant 502, 503, 504: a proxy's HTML",
    drop: "half of the body, then the connection is cut",
    truncate: "a page of half the size with the right cursor; variant `silent`: no cursor",
    repeat_page: "a cursor returns the previous page",
    skip_page: "a page's worth of records is left out",
    expire_tokens: "401 `EXPIRED_AUTHENTICATION` for every access token so far; service keys stay valid",
    revoke: "401 for every token and key, `BAD_REFRESH_TOKEN` for refreshing; a new consent works",
    restate: "deals that moved in the last days change their amounts, now",
    remove: "records are deleted for good: gone from lists, archived ones too",
    archive: "records are listed only with `archived=true`, for 90 days; search omits them",
    drift: "a field changes in lists, search, batches and by id; properties by `properties.<name>`",
    search_lag: "search returns the state of some time ago; lists do not",
  },
  open,
};
