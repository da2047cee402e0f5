/**
 * The drivers there are.
 * @module
 */
import type { DriverName } from "../../../schema/wire/source";
import type { Driver } from "../vendor/driver";
import { googleAds } from "./google-ads";
import { http } from "./http";
import { hubspot } from "./hubspot";
import { linkedinAds } from "./linkedin-ads";
import { metaAds } from "./meta-ads";
import { csv, webhook } from "./pushed";
import { stripe } from "./stripe";

/** By name; a vendor is added by its file in drivers/ and a line here. */
export const DRIVERS: Partial<Record<DriverName, Driver>> = {
  hubspot,
  stripe,
  meta_ads: metaAds,
  google_ads: googleAds,
  linkedin_ads: linkedinAds,
  http,
  csv,
  webhook,
};
