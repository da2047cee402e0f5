/**
 * The vendors that a source can be connected to. No imports: the app loads this file in the browser.
 * @module
 */

/** Display names by driver name. A vendor is added here and in worker/sources/drivers/registry.ts. */
export const VENDOR_LABELS = {
  google_ads: "Google Ads",
  meta_ads: "Meta Ads",
  linkedin_ads: "LinkedIn Ads",
  hubspot: "HubSpot",
  stripe: "Stripe",
  http: "HTTP / JSON",
  csv: "CSV file",
  webhook: "Webhook",
} as const;
export type DriverName = keyof typeof VENDOR_LABELS;
