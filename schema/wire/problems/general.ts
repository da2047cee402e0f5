/**
 * Problems that any route can return.
 * @module
 */
import type { ProblemTable } from "./table";

export const GENERAL_PROBLEMS = {
  invalid_request: [400, "The request is not valid"],
  invalid_json: [400, "The body is not JSON"],
  json_too_complex: [400, "The JSON is nested too deep or has too many values"],
  unauthenticated: [401, "Sign in or send a token"],
  forbidden: [403, "Not allowed"],
  sign_in_required: [403, "A personal token cannot do this"],
  cross_site_request: [403, "Requests from other sites are not allowed"],
  insufficient_scope: [403, "The token does not have the required scope"],
  insufficient_role: [403, "Your role in the organization does not allow this"],
  not_found: [404, "Not found"],
  method_not_allowed: [405, "Method not allowed"],
  conflict: [409, "The state has changed"],
  body_too_large: [413, "The body is too large"],
  unsupported_media: [415, "The body's encoding is not supported"],
  unprocessable: [422, "The request cannot be carried out"],
  rate_limited: [429, "Too many requests"],
  internal: [500, "Internal error"],
  unavailable: [503, "Temporarily unavailable"],
} as const satisfies ProblemTable;
