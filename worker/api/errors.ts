/**
 * Errors as RFC 9457 problem details: one class for refusals, one handler for all errors.
 * @module
 */
import type { Context, ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ZodError } from "zod";
import { PROBLEMS, type Problem, type ProblemCode } from "../../schema/wire/error";
import { logError } from "../lib/log";
import { fieldErrors, type Outcome } from "../lib/refusal";

/** A refusal to be returned to the caller. Thrown by `problem()`; every other exception is an internal error. */
export class ProblemError extends Error {
  constructor(
    readonly code: ProblemCode,
    readonly detail?: string,
    readonly errors?: Problem["errors"],
    readonly headers: Record<string, string> = {},
  ) {
    super(detail ?? PROBLEMS[code][1]);
  }
}

/** Refuses the request. `headers` are added to the response, e.g. `Retry-After` in seconds. */
export function problem(
  code: ProblemCode,
  detail?: string,
  errors?: Problem["errors"],
  headers?: Record<string, string>,
): never {
  throw new ProblemError(code, detail, errors, headers);
}

/** The value of an outcome. @throws the refusal as a problem */
export function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  const { code, detail, errors } = outcome.refusal;
  return problem(code, detail, errors);
}

/** The response to a refusal, for routes that must not throw (sockets, queues). */
export function problemResponse(error: ProblemError): Response {
  const [status, title] = PROBLEMS[error.code];
  const body: Problem = {
    type: `/api/docs#${error.code}`,
    title,
    status,
    detail: error.detail,
    code: error.code,
    errors: error.errors,
  };
  const headers = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
    ...error.headers,
  };
  return new Response(JSON.stringify(body), { status, headers });
}

/** Hook of every validator: a request that violates its schema is `invalid_request` with path and code. */
export function refuseInvalid(
  result: { success: true } | { success: false; target: string; error: Pick<ZodError, "issues"> },
): undefined {
  if (result.success) return;
  problem(
    "invalid_request",
    `The ${TARGETS[result.target] ?? result.target} is not valid`,
    fieldErrors(result.error),
  );
}
const TARGETS: Record<string, string> = {
  json: "body",
  param: "path",
  form: "body",
};

/** Refusals of hono and zod-openapi, by status. */
const BY_STATUS: Record<number, ProblemCode> = {
  400: "invalid_json",
  404: "not_found",
  405: "method_not_allowed",
  413: "body_too_large",
  415: "unsupported_media",
};

function asProblem(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (!(error instanceof HTTPException)) return null;
  const code = BY_STATUS[error.status];
  return code ? new ProblemError(code) : null;
}

/** The one `onError`. Internal errors are logged with their context and never sent. */
export const onError: ErrorHandler = (error, c: Context) => {
  const refusal = asProblem(error);
  if (refusal) return problemResponse(refusal);
  logError("request failed", error, {
    method: c.req.method,
    path: c.req.path,
    ray: c.req.header("cf-ray"),
  });
  return problemResponse(new ProblemError("internal"));
};
