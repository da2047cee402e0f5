/**
 * Why a question is not answered. A value, not a throw: of many questions asked at once the others are answered.
 * @module
 */
import type { Problem, ProblemCode } from "../../schema/wire/error";
import type { UnknownName } from "../metrics";

export interface Refusal {
  code: ProblemCode;
  detail: string;
  errors?: Problem["errors"];
}

export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return "code" in value && "detail" in value;
}

/** The request breaks a rule at `path`. */
export function refuse(code: ProblemCode, path: string, message: string): Refusal {
  return { code, detail: message, errors: [{ path, code, message }] };
}

/** A name that no dataset declares. */
export function refuseUnknown({ unknown, name, nearest }: UnknownName, path: string): Refusal {
  const hint = nearest === undefined ? "" : `; did you mean ${nearest}?`;
  return refuse("unknown_name", path, `There is no ${unknown} ${name}${hint}`);
}
