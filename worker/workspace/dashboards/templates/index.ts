/**
 * Dashboards to start from, as data. A new one is one more file and a line here.
 * @module
 */
import type { DashboardTemplate } from "../../../../schema/wire/dashboard";
import { acquisition } from "./acquisition";
import { audience } from "./audience";
import { campaignDrilldown } from "./campaign-drilldown";
import { campaigns } from "./campaigns";
import { channelComparison } from "./channel-comparison";
import { content } from "./content";
import { conversion } from "./conversion";
import { engagement } from "./engagement";
import { landingPages } from "./landing-pages";
import { locations } from "./locations";
import { marketingOverview } from "./marketing-overview";
import { productOverview } from "./product-overview";
import { webOverview } from "./web-overview";

export { METRIC_TEMPLATES } from "./metrics";

/** Every template, as the gallery shows them. */
export const DASHBOARD_TEMPLATES: readonly DashboardTemplate[] = [
  webOverview,
  productOverview,
  acquisition,
  content,
  conversion,
  campaigns,
  audience,
  locations,
  engagement,
  landingPages,
  marketingOverview,
  channelComparison,
  campaignDrilldown,
];
