/**
 * The vendors that the demo's sources are connected to: stand-ins on this machine that answer as the real ones document,
 * over one generated company whose numbers grow with the clock.
 * @module
 */
import { makeAccount } from "./company/index.ts";
import { MANAGER_ID } from "./google-ads/gate.ts";
import { googleAds, googleAdsTokens } from "./google-ads/index.ts";
import { HUBSPOT_KEYS } from "./hubspot/gate.ts";
import { hubspot } from "./hubspot/index.ts";
import { linkedinAds, linkedinAdsTokens } from "./linkedin-ads/index.ts";
import { metaAds, metaAdsToken } from "./meta-ads/index.ts";
import { type RunningVendor, startVendor } from "./server/index.ts";
import { CLIENT } from "./server/oauth.ts";
import { STRIPE_KEYS, stripe } from "./stripe/index.ts";

const SEED = 1;

/** A source of the demo: how it is connected without a consent page. */
export interface DemoSource {
  driver: string;
  name: string;
  settings: Record<string, string>;
  keys: Record<string, string>;
}

/** The demo's sources, in the order in which they are connected. */
export const DEMO_SOURCES: readonly DemoSource[] = [
  {
    driver: "google_ads",
    name: "Google Ads",
    settings: { login_customer_id: MANAGER_ID },
    keys: tokens(googleAdsTokens(SEED)),
  },
  { driver: "meta_ads", name: "Meta Ads", settings: {}, keys: { access_token: metaAdsToken(SEED) } },
  { driver: "linkedin_ads", name: "LinkedIn Ads", settings: {}, keys: tokens(linkedinAdsTokens(SEED)) },
  { driver: "stripe", name: "Stripe", settings: {}, keys: { api_key: STRIPE_KEYS.live } },
  { driver: "hubspot", name: "HubSpot", settings: {}, keys: { api_key: HUBSPOT_KEYS.full } },
];

function tokens({ access, refresh }: { access: string; refresh: string }): Record<string, string> {
  return { access_token: access, refresh_token: refresh };
}

/** Vendors that are running, and the variables that tell the Worker where they are. */
export interface DemoVendors {
  vars: { SOURCES: string; SOURCE_CLIENTS: string };
  close(): Promise<void>;
}

/** Starts them on free ports of 127.0.0.1. */
export async function startVendors(): Promise<DemoVendors> {
  const options = { seed: SEED, account: makeAccount({ seed: SEED }) };
  const running: Record<string, RunningVendor<unknown>> = {
    google_ads: await startVendor(googleAds(), options),
    meta_ads: await startVendor(metaAds(), options),
    linkedin_ads: await startVendor(linkedinAds(), options),
    stripe: await startVendor(stripe, options),
    hubspot: await startVendor(hubspot, options),
  };
  const configured = Object.entries(running).map(([driver, { url }]) => [
    driver,
    { base_url: url, authorize_base: url, client_id: CLIENT.client_id },
  ]);
  const clients = Object.keys(running).map((driver) => [driver, CLIENT.client_secret]);
  return {
    vars: {
      SOURCES: JSON.stringify(Object.fromEntries(configured)),
      SOURCE_CLIENTS: JSON.stringify(Object.fromEntries(clients)),
    },
    async close() {
      await Promise.all(Object.values(running).map((vendor) => vendor.close()));
    },
  };
}
