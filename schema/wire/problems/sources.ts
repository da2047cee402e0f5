/**
 * Problems of sources, their records, models and data quality.
 * @module
 */
import type { ProblemTable } from "./table";

export const SOURCE_PROBLEMS = {} as const satisfies ProblemTable;
