/**
 * The registry of dashboard templates. A new template is a file here and one line below.
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

/** All templates, for the gallery. */
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
