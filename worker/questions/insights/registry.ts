/**
 * The kinds of insights, by the name that queries use.
 * @module
 */
import { aggregate } from "./aggregate";
import type { InsightKind } from "./kind";

export const INSIGHT_KINDS = { aggregate } as const satisfies Record<string, InsightKind>;

export type InsightKindName = keyof typeof INSIGHT_KINDS;
