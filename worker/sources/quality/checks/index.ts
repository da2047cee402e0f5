/**
 * Every check, in the order in which they are shown.
 * @module
 */
import type { Check } from "../check";
import { duplicates, gaps, values } from "./days";
import { rates } from "./rates";
import { access, freshness } from "./standing";
import { conversions, volume } from "./usual";
import { rows, totals } from "./vendor";

/** The closed list; results of others are not shown. */
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
