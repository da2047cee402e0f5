/**
 * Which driver's records become which marts.
 * @module
 */
import type { DriverName } from "../../../schema/wire/source";
import { googleAds } from "../drivers/google-ads/staging";
import { linkedinAds } from "../drivers/linkedin-ads/staging";
import { metaAds } from "../drivers/meta-ads/staging";
import type { AdPlatform } from "../shapes/ads";
import { adModels } from "./build-ads";
import { billingModels, crmModels } from "./build-people";
import { tableModels } from "./build-tables";
import type { DriverModels } from "./partition";

/** Drivers that are not here have no marts. */
export const MODELS_OF: Partial<Record<DriverName, DriverModels>> = {
  google_ads: adModels(googleAds),
  meta_ads: adModels(metaAds),
  linkedin_ads: adModels(linkedinAds),
  hubspot: crmModels,
  stripe: billingModels,
  http: tableModels,
  csv: tableModels,
  webhook: tableModels,
};

/** Ad platforms: how what their ads did is told in one shape. */
export const AD_PLATFORMS: Partial<Record<DriverName, AdPlatform>> = {
  google_ads: googleAds,
  meta_ads: metaAds,
  linkedin_ads: linkedinAds,
};
