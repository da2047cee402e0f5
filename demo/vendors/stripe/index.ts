/**
 * Stripe: read-only lists and objects of a billing account, and its events as the change feed. Behavior from
 * the API reference: "Pagination" (newest first, `limit` 1–100, `starting_after`, `has_more`), "Versioning"
 * (`Stripe-Version`), "List all events" (30 days), "List subscriptions" (canceled ones only when asked for), and from
 * "Rate limits" (live 100 a second, sandbox 25, one endpoint 25).
 * @module
 */

import type { Misbehavior } from "../server/faults.ts";
import type { Stage, Vendor, VendorApp } from "../server/index.ts";
import { rateWindow } from "../server/limits.ts";
import { bearer, type Handler, router, type VendorAnswer, type VendorRequest } from "../server/routes.ts";
import {
  apiError,
  invalidRequest,
  keyExpired,
  keyInvalid,
  keyMissing,
  missing,
  notPermitted,
  rateLimited,
  unrecognized,
} from "./errors.ts";
import { isListed, makePager, singular } from "./lists.ts";
import { STRIPE_STREAMS, type StripeObject, type StripeStream } from "./objects.ts";
import { type StripeTruth, stripeWorld } from "./world.ts";

/** The version that the stand-in implements; others named YYYY-MM-DD with a release name are accepted too. */
export const STRIPE_VERSION = "2026-07-29.dahlia";

/** Keys of the account: restricted, read only. */
export const STRIPE_KEYS = {
  /** Reads every stream; expires with `expire_tokens`. */
  full: "rk_test_standinFull0000000001",
  /** As `full`, in live mode: 100 requests a second. */
  live: "rk_live_standinLive0000000002",
  /** Cannot read charges: 403. */
  noCharges: "rk_test_standinNoCharges00003",
  /** Replaces `full` and `live` when rolled: valid after tokens expired. */
  rolled: "rk_test_standinRolled00000004",
} as const;

function open(stage: Stage): VendorApp<StripeTruth> {
  const { account, faults, limits } = stage;
  const now = () => Math.floor(stage.now() / 1_000) * 1_000; // Stripe's times are in seconds
  const world = stripeWorld(account, STRIPE_VERSION);
  const window = rateWindow(1_000, stage.now);
  const page = makePager(stage);
  let hasExpired = false;
  let isRevoked = false;
  let requests = 0;
  // Objects of one second are generated once; misbehavior changes the state within a second.
  let made: { at: number; truth: StripeTruth; events?: StripeObject[] } | undefined;
  const objects = () => {
    if (made?.at !== now()) made = { at: now(), truth: world.objects(now()) };
    return made;
  };
  const events = () => {
    const own = objects();
    own.events ??= world.events(now());
    return own.events;
  };

  const keyOf = (request: VendorRequest) => {
    const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    return bearer(request) ?? (basic && Buffer.from(basic, "base64").toString().split(":")[0]);
  };
  const refused = (request: VendorRequest): VendorAnswer | undefined => {
    const key = keyOf(request);
    if (!key) return keyMissing();
    if (isRevoked || !Object.values<string>(STRIPE_KEYS).includes(key)) return keyInvalid(key);
    const wasRolled = key === STRIPE_KEYS.full || key === STRIPE_KEYS.live;
    if (hasExpired ? wasRolled : key === STRIPE_KEYS.rolled)
      return hasExpired ? keyExpired(key) : keyInvalid(key);
    if (key === STRIPE_KEYS.noCharges && request.path.startsWith("/v1/charges"))
      return notPermitted(key, "rak_charge_read");
    const version = request.headers["stripe-version"];
    if (version !== undefined && !/^\d{4}-\d{2}-\d{2}(\.[a-z]+)?$/.test(version))
      return invalidRequest(400, `Invalid Stripe API version: ${version}`);
    return undefined;
  };
  const limited = (request: VendorRequest): VendorAnswer | undefined => {
    if (!limits) return undefined;
    const key = keyOf(request) ?? "";
    const endpoint = request.path.split("/")[2] ?? "";
    const isLive = key.includes("_live_");
    if (window(isLive ? "live" : "test", isLive ? 100 : 25) < 0) return rateLimited("global-rate");
    return window(`${key} ${endpoint}`, 25) < 0 ? rateLimited("endpoint-rate") : undefined;
  };

  const list =
    (stream: StripeStream): Handler =>
    (request) =>
      page(stream, request, objects().truth[stream]);
  const retrieve =
    (stream: StripeStream): Handler =>
    ({ params: { id = "" } }) => {
      const found = objects().truth[stream].find((object) => object.id === id);
      if (found) return { body: faults.shape(stream, found) };
      // "Delete a customer": a deleted one is returned with `deleted`.
      if (account.removed.has(id)) return { body: { id, object: singular(stream), deleted: true } };
      return missing(singular(stream), id);
    };
  const routes: Record<string, Handler> = {
    "GET /v1/account": () => ({
      body: { id: "acct_standin", object: "account", country: "US", default_currency: "usd", email: null },
    }),
    "GET /v1/events": (request) => page("events", request, events()),
    "GET /v1/events/:id": ({ params: { id = "" } }) => {
      const event = events().find((own) => own.id === id);
      return event ? { body: event } : missing("event", id);
    },
  };
  for (const stream of STRIPE_STREAMS) {
    routes[`GET /v1/${stream}`] = list(stream);
    routes[`GET /v1/${stream}/:id`] = retrieve(stream);
  }
  const route = router(routes);

  const headed = (request: VendorRequest, answer: VendorAnswer): VendorAnswer => ({
    ...answer,
    headers: {
      "request-id": `req_${String(++requests).padStart(14, "0")}`,
      "stripe-version": request.headers["stripe-version"] ?? STRIPE_VERSION,
      ...answer.headers,
    },
  });

  const remove = (fault: Extract<Misbehavior, { kind: "remove" | "archive" }>) => {
    const isRemoval = fault.kind === "remove";
    const streams = isRemoval ? ["customers"] : ["products", "prices"];
    if (!isListed(fault.stream) || !streams.includes(fault.stream))
      throw new Error(`stripe can only ${fault.kind} ${streams.join(", ")}`);
    const marks = isRemoval ? account.removed : account.archived;
    const ids =
      fault.ids ??
      objects()
        .truth[fault.stream].slice(0, fault.count ?? 1)
        .map(({ id }) => id);
    for (const id of ids) marks.set(id, now());
  };

  return {
    handle: (request) =>
      headed(
        request,
        limited(request) ?? refused(request) ?? route(request) ?? unrecognized(request.method, request.path),
      ),
    throttled: (request, variant) => headed(request, rateLimited(String(variant ?? "global-rate"))),
    broken: (request, variant) => headed(request, apiError(Number(variant ?? 500))),
    misbehave: (fault) => {
      if (fault.kind === "expire_tokens") hasExpired = true;
      if (fault.kind === "revoke") isRevoked = true;
      if (fault.kind === "restate") world.refund(fault.days, fault.percent, now());
      if (fault.kind === "remove" || fault.kind === "archive") remove(fault);
      made = undefined;
    },
    truth: () => structuredClone(objects().truth),
  };
}

/** Stripe's stand-in. */
export const stripe: Vendor<StripeTruth> = {
  name: "stripe",
  faults: {
    throttle: "429 `rate_limit`, no Retry-After; variant: the reason in `Stripe-Rate-Limited-Reason`",
    fail: "500 `api_error`; variant: another 5xx",
    drop: "half of the body, then the connection is cut",
    truncate: "a page of half the size with the right `has_more`; variant `silent`: `has_more` is false",
    repeat_page: "a `starting_after` returns the previous page",
    skip_page: "a page's worth of objects is left out",
    expire_tokens: "the key was rolled: 401 `api_key_expired`; `STRIPE_KEYS.rolled` works",
    revoke: "every key is 401",
    restate: "the percentage of each charge of the last days is refunded now, with `charge.refunded`",
    remove: "customers: removed from lists, `deleted: true` by id, their subscription canceled, with events",
    archive: "products and prices: `active: false`, with events",
    drift: "a field of a stream's objects changes in lists and by id",
  },
  open,
};
