/**
 * The vendor LinkedIn Ads.
 * @module
 */
import type { Vendor } from "../vendor";
import { linkedinAds } from "./driver";
import { platform } from "./staging";

export const vendor: Vendor = {
  driver: linkedinAds,
  badge: { path: "M0 1h4M0 3h4M5 4v4M7 4v4M4 1h0M1 4v0", tile: 8, hue: 3 },
  models: { kind: "ads", platform },
};
