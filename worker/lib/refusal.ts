/**
 * Why something that was asked for is not done. A value, not a throw: of many things asked at once the others are done.
 * @module
 */
import type { Problem, ProblemCode } from "../../schema/wire/error";

/** In the API's words. `errors` are paths inside the request. */
export interface Refusal {
  code: ProblemCode;
  /** Undefined where the code says it all. */
  detail: string | undefined;
  errors?: Problem["errors"];
}

/** Whether it was refused. */
export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return "code" in value && "detail" in value;
}

/** It cannot be done, whatever the request says. */
export function refuse(code: ProblemCode, detail?: string): Refusal {
  return { code, detail };
}

/** The request breaks a rule at `path`. */
export function refuseAt(code: ProblemCode, path: string, message: string): Refusal {
  return { code, detail: message, errors: [{ path, code, message }] };
}
