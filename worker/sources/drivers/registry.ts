/**
 * The list of vendors. A vendor is added by its folder, a line here and its name in schema/wire/vendors.ts.
 * @module
 */
import type { DriverName } from "../../../schema/wire/vendors";
import { vendor as csv } from "./csv";
import { vendor as googleAds } from "./google-ads";
import { vendor as http } from "./http";
import { vendor as hubspot } from "./hubspot";
import { vendor as linkedinAds } from "./linkedin-ads";
import { vendor as metaAds } from "./meta-ads";
import { vendor as stripe } from "./stripe";
import type { Vendor } from "./vendor";
import { vendor as webhook } from "./webhook";

/** By driver name, in the order in which the app lists them. */
export const VENDORS: Record<DriverName, Vendor> = {
  hubspot,
  stripe,
  meta_ads: metaAds,
  google_ads: googleAds,
  linkedin_ads: linkedinAds,
  http,
  csv,
  webhook,
};
