/**
 * Kind `aggregate`: metrics by dimensions and time. Its stages are those of `questions/query`.
 * @module
 */
import { answer } from "../../query";
import type { InsightKind } from "../kind";

export const aggregate: InsightKind = { answer };
