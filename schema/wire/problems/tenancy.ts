/**
 * Problems of accounts, organizations and projects.
 * @module
 */
import type { ProblemTable } from "./table";

export const TENANCY_PROBLEMS = {
  email_taken: [409, "An account with this e-mail exists"],
  invalid_credentials: [401, "E-mail or password is wrong"],
} as const satisfies ProblemTable;
