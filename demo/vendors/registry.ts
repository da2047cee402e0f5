/**
 * The stand-ins by driver name, and how the demo connects a source to each. A stand-in is added here.
 * @module
 */

import { MANAGER_ID } from "./google-ads/gate.ts";
import { googleAds, googleAdsTokens } from "./google-ads/index.ts";
import { HUBSPOT_KEYS, hubspot } from "./hubspot/index.ts";
import { linkedinAds, linkedinAdsTokens } from "./linkedin-ads/index.ts";
import { metaAds, metaAdsToken } from "./meta-ads/index.ts";
import type { Vendor } from "./server/index.ts";
import { STRIPE_KEYS, stripe } from "./stripe/index.ts";

/** A stand-in; `Options` change its behavior. */
export interface StandIn<Options> {
  make(options: Options): Vendor<object>;
  /** Settings and keys that connect a source without a consent page. */
  connect(seed: number): { settings: Record<string, string>; keys: Record<string, string> };
}

const standIn = <Options>(own: StandIn<Options>): StandIn<Options> => own;
const tokens = ({ access, refresh }: { access: string; refresh: string }) => ({
  access_token: access,
  refresh_token: refresh,
});

/** In the order in which the demo connects them. */
export const STAND_INS = {
  google_ads: standIn({
    make: googleAds,
    connect: (seed) => ({
      settings: { login_customer_id: MANAGER_ID },
      keys: tokens(googleAdsTokens(seed)),
    }),
  }),
  meta_ads: standIn({
    make: metaAds,
    connect: (seed) => ({ settings: {}, keys: { access_token: metaAdsToken(seed) } }),
  }),
  linkedin_ads: standIn({
    make: linkedinAds,
    connect: (seed) => ({ settings: {}, keys: tokens(linkedinAdsTokens(seed)) }),
  }),
  stripe: standIn<Record<never, never>>({
    make: () => stripe,
    connect: () => ({ settings: {}, keys: { api_key: STRIPE_KEYS.live } }),
  }),
  hubspot: standIn<Record<never, never>>({
    make: () => hubspot,
    connect: () => ({ settings: {}, keys: { api_key: HUBSPOT_KEYS.full } }),
  }),
};
export type VendorName = keyof typeof STAND_INS;
