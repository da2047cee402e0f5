/**
 * The drivers there are.
 * @module
 */
import type { DriverName } from "../../../schema/wire/source";
import type { Driver } from "../vendor/driver";
import { csv, webhook } from "./generic/pushed";
import { googleAds } from "./google-ads/driver";
import { http } from "./http/driver";
import { hubspot } from "./hubspot/driver";
import { linkedinAds } from "./linkedin-ads/driver";
import { metaAds } from "./meta-ads/driver";
import { stripe } from "./stripe/driver";

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
