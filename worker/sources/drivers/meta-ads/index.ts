/**
 * The vendor Meta Ads.
 * @module
 */
import type { Vendor } from "../vendor";
import { metaAds } from "./driver";
import { platform } from "./staging";

export const vendor: Vendor = {
  driver: metaAds,
  badge: { path: "M0 5 5 0 10 5M0 10 5 5 10 10", tile: 10, hue: 8 },
  models: { kind: "ads", platform },
};
