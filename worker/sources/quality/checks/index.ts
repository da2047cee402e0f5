/**
 * Every check, in the order in which they are shown.
 * @module
 */
import type { Check } from "../check";
import { conversions, volume } from "./anomaly";
import { duplicates, gaps, values } from "./days";
import { access, freshness } from "./health";
import { rates } from "./rates";
import { rows, totals } from "./vendor";

/** All checks; results of other names are not shown. */
export const CHECKS: readonly Check[] = [
  access,
  freshness,
  totals,
  rows,
  gaps,
  duplicates,
  values,
  volume,
  conversions,
  rates,
];
