/**
 * Problems of queries, metrics and formulas.
 * @module
 */
import type { ProblemTable } from "./table";

export const QUESTION_PROBLEMS = {
  unknown_name: [422, "A name is not known"],
  budget_exceeded: [422, "The query would read more than its budget"],
} as const satisfies ProblemTable;
