/**
 * Problems of dashboards, public links, comments and annotations.
 * @module
 */
import type { ProblemTable } from "./table";

export const WORKSPACE_PROBLEMS = {
  password_required: [401, "The link requires a password"],
} as const satisfies ProblemTable;
