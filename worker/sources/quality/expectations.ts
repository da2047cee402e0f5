/**
 * Rules that rows of ads must meet.
 * @module
 */
import type { AdDay, AdPlatform } from "../models";

/** A row with its spend in the project's currency, in major units; null when no rate is known. */
interface AdRow extends AdDay {
  spend: number | null;
}

/** A rule that each row must meet. */
interface Expectation {
  name: string;
  /** Describes rows that break it: "rows with more clicks than impressions". */
  breach: string;
  /** Platforms to which it applies. Default: all. */
  appliesTo?(platform: AdPlatform): boolean;
  isMet(row: AdRow): boolean;
}

/** Per row and day, in the project's currency. */
const MOST_SPEND = 100_000;
const isCount = (value: number) => Number.isInteger(value) && value >= 0;

/** All rules. */
export const EXPECTATIONS: readonly Expectation[] = [
  {
    name: "named",
    breach: "without a day or an account",
    isMet: ({ day, account_id }) => /^\d{4}-\d{2}-\d{2}$/.test(day) && account_id !== "",
  },
  {
    name: "counts",
    breach: "whose impressions or clicks are not whole numbers of 0 or more",
    isMet: ({ impressions, clicks }) => isCount(impressions) && isCount(clicks),
  },
  {
    name: "amounts",
    breach: "whose conversions or conversion value are not numbers",
    isMet: ({ conversions, value_minor }) => Number.isFinite(conversions) && Number.isFinite(value_minor),
  },
  {
    name: "spend",
    breach: `with a spend below 0 or above ${MOST_SPEND.toLocaleString("en")} in a day`,
    isMet: ({ spend_minor, spend }) => spend_minor >= 0 && (spend === null || spend <= MOST_SPEND),
  },
  {
    name: "ctr",
    breach: "with more clicks than impressions",
    appliesTo: ({ hasClicksWithinImpressions }) => hasClicksWithinImpressions,
    isMet: ({ impressions, clicks }) => clicks <= impressions,
  },
];
