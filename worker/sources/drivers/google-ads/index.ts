/**
 * The vendor Google Ads.
 * @module
 */
import type { Vendor } from "../vendor";
import { googleAds } from "./driver";
import { platform } from "./staging";

export const vendor: Vendor = {
  driver: googleAds,
  badge: { path: "M-1 7 7-1M-1 1 1-1M5 7 7 5", tile: 6, hue: 1 },
  models: { kind: "ads", platform },
};
