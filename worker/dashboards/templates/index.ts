/**
 * Dashboards to start from, as data. A new one is one more file and a line here.
 * @module
 */
import type { DashboardTemplate } from "../../../schema/wire/dashboard";
import { acquisition } from "./acquisition";
import { audience } from "./audience";
import { campaigns } from "./campaigns";
import { content } from "./content";
import { conversion } from "./conversion";
import { engagement } from "./engagement";
import { landingPages } from "./landing-pages";
import { locations } from "./locations";
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
];
