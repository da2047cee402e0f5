/**
 * RFC 9457 problem details, the only format of errors.
 * @module
 */
import { z } from "zod";
import { GENERAL_PROBLEMS } from "./problems/general";
import { PIPELINE_PROBLEMS } from "./problems/pipeline";
import { QUESTION_PROBLEMS } from "./problems/questions";
import { SOURCE_PROBLEMS } from "./problems/sources";
import type { ProblemTable } from "./problems/table";
import { TENANCY_PROBLEMS } from "./problems/tenancy";
import { WORKSPACE_PROBLEMS } from "./problems/workspace";

/**
 * Closed list of `code`s: status, title. Every refusal has its own code, so that clients and tests never depend on
 * texts. A code is in the file of its area under `problems/`.
 */
export const PROBLEMS = {
  ...GENERAL_PROBLEMS,
  ...TENANCY_PROBLEMS,
  ...PIPELINE_PROBLEMS,
  ...QUESTION_PROBLEMS,
  ...WORKSPACE_PROBLEMS,
  ...SOURCE_PROBLEMS,
} as const satisfies ProblemTable;
export type ProblemCode = keyof typeof PROBLEMS;

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().optional(),
  code: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
