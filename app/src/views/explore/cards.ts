/**
 * The breakdown cards: the dimension of each tab and the labels of its values.
 * @module
 */

import { DIMENSION_LABELS } from "../../../../schema/wire/columns";
import { type DriverName, VENDOR_LABELS } from "../../../../schema/wire/vendors";
import { codeName } from "../../ui/format";
import type { MetricName } from "./metrics";

export interface Tab {
  name: string;
  label: string;
  dimension: string;
  dataset: "events" | "sessions";
  /** The metric that is shown and that rows are sorted by. */
  metric: MetricName;
  /** Label of rows without a value. */
  none: string;
}

export interface Card {
  label: string;
  tabs: Tab[];
}

const session = (name: string, label: string, dimension: string, none: string): Tab => ({
  name,
  label,
  dimension,
  dataset: "sessions",
  // Rollups by exit page have no visitors, because a session's last page changes until it ends.
  metric: dimension === "visit:exit" ? "sessions" : "visitors",
  none,
});
const event = (name: string, label: string, dimension: string, metric: MetricName, none: string): Tab => ({
  name,
  label,
  dimension,
  dataset: "events",
  metric,
  none,
});

export const CARDS = {
  pages: {
    label: "Pages",
    tabs: [
      event("path", "Pages", "event:path", "pageviews", "No page"),
      session("entry", "Entry", "visit:entry", "No page"),
      session("exit", "Exit", "visit:exit", "No page"),
      event("hostname", "Hostnames", "event:hostname", "pageviews", "No page"),
    ],
  },
  sources: {
    label: "Sources",
    tabs: [
      session("source", "Sources", "visit:source", "Direct or unknown"),
      session("channel", "Channels", "visit:channel", "Direct"),
      session("referrer", "Referrers", "visit:referrer", "Direct or unknown"),
    ],
  },
  campaigns: {
    label: "Campaigns",
    tabs: [
      session("utm_campaign", "Campaigns", "visit:utm_campaign", "No utm_campaign"),
      session("utm_source", "UTM source", "visit:utm_source", "No utm_source"),
      session("utm_medium", "Medium", "visit:utm_medium", "No utm_medium"),
      session("utm_term", "Term", "visit:utm_term", "No utm_term"),
      session("utm_content", "Content", "visit:utm_content", "No utm_content"),
    ],
  },
  places: {
    label: "Locations",
    tabs: [
      session("country", "Countries", "visit:country", "Unknown"),
      session("region", "Regions", "visit:region", "Unknown"),
      session("city", "Cities", "visit:city", "Unknown"),
    ],
  },
  technology: {
    label: "Technology",
    tabs: [
      session("browser", "Browsers", "visit:browser", "Unknown"),
      session("os", "Operating systems", "visit:os", "Unknown"),
      session("device", "Devices", "visit:device", "Unknown"),
      session("screen", "Screens", "visit:screen", "Unknown"),
      session("language", "Languages", "visit:language", "Unknown"),
    ],
  },
  events: {
    label: "Events",
    tabs: [event("name", "Top events", "event:name", "events", "Unnamed")],
  },
} as const satisfies Record<string, Card>;

export type CardName = keyof typeof CARDS;
export const CARD_NAMES = Object.keys(CARDS) as CardName[];

/** The tab of a card with that name, else its first tab. */
export function tabOf(card: CardName, name: string | undefined): Tab {
  const tabs: readonly Tab[] = CARDS[card].tabs;
  return tabs.find((tab) => tab.name === name) ?? tabs[0]!;
}

const ALL_TABS: readonly Tab[] = CARD_NAMES.flatMap((card): readonly Tab[] => CARDS[card].tabs);

/** The label of a dimension: `visit:country` is `Country`. */
export function dimensionLabel(dimension: string): string {
  const known = DIMENSION_LABELS[dimension];
  if (known) return known;
  const tab = ALL_TABS.find((each) => each.dimension === dimension);
  return tab?.label ?? dimension.replace(/^[a-z]+:/, "");
}

/** Every dimension that people can filter by, with its label. */
export const FILTERABLE = [...new Set(ALL_TABS.map((tab) => tab.dimension))];

/** The value of a row that contains all rare values of a dimension. */
export const OTHER = "(other)";

/** The label of a dimension's value: codes become names; no value becomes the label of the tab for it. */
export function valueLabel(dimension: string, value: string | null, locale: string): string {
  if (value === null || value === "")
    return ALL_TABS.find((tab) => tab.dimension === dimension)?.none ?? "Not set";
  if (value === OTHER) return "Other";
  if (dimension.endsWith(":country")) return codeName(value, "region", locale);
  if (dimension === "visit:language") return codeName(value, "language", locale);
  if (dimension === "ads:platform") return isVendor(value) ? VENDOR_LABELS[value] : value;
  if (dimension.includes(":is_")) return value === "true" ? "Yes" : "No";
  if (CODED.test(dimension)) return value.charAt(0).toUpperCase() + value.slice(1).replaceAll("_", " ");
  return value;
}

const isVendor = (value: string): value is DriverName => value in VENDOR_LABELS;
/** Dimensions whose values come from a fixed list of lowercase words. */
const CODED = /^(visit:device|.*:status|ads:match_type|contacts:lifecycle_stage)$/;
