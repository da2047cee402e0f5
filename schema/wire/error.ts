/**
 * RFC 9457 problem details, the only shape of an error answer.
 * @module
 */
import { z } from "zod";

/** Closed list of `code`s: status, title. Clients may switch on the code; titles are for people. */
export const PROBLEMS = {
  invalid_request: [400, "The request is not valid"],
  invalid_json: [400, "The body is not JSON"],
  unauthenticated: [401, "Sign in or send a token"],
  invalid_key: [401, "The key is not known"],
  email_taken: [409, "An account with this e-mail exists"],
  invalid_credentials: [401, "E-mail or password is wrong"],
  password_required: [401, "The link asks for a password"],
  forbidden: [403, "Not allowed"],
  insufficient_scope: [403, "The token lacks a scope"],
  insufficient_role: [403, "Your role in the organisation does not allow this"],
  origin_not_allowed: [403, "This origin may not send events to the project"],
  not_found: [404, "Not found"],
  method_not_allowed: [405, "Method not allowed"],
  conflict: [409, "The state has changed"],
  body_too_large: [413, "The body is too large"],
  unsupported_media: [415, "The body's encoding is not supported"],
  unprocessable: [422, "The request is well formed but cannot be carried out"],
  unknown_name: [422, "A name is not known"],
  budget_exceeded: [422, "The query would read more than its budget"],
  rate_limited: [429, "Too many requests"],
  internal: [500, "Something broke on our side"],
  unavailable: [503, "Not available for a moment"],
} as const satisfies Record<string, readonly [status: number, title: string]>;
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
