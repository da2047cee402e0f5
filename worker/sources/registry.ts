/**
 * The drivers there are.
 * @module
 */
import type { DriverName } from "../../schema/wire/source";
import type { Driver } from "./driver";
import { googleAds } from "./drivers/google-ads";
import { http } from "./drivers/http";
import { hubspot } from "./drivers/hubspot";
import { linkedinAds } from "./drivers/linkedin-ads";
import { metaAds } from "./drivers/meta-ads";
import { csv, webhook } from "./drivers/pushed";
import { stripe } from "./drivers/stripe";

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
