/**
 * Refusals: the reason why a request is not carried out, in the API's terms. They are values and are not thrown, so that
 * one refused item of many does not stop the others.
 * @module
 */
import type { ZodError, z } from "zod";
import type { Problem, ProblemCode } from "../../schema/wire/error";

export interface Refusal {
  code: ProblemCode;
  /** Undefined where the title of the code is enough. */
  detail: string | undefined;
  /** `path` is inside the request. */
  errors?: Problem["errors"];
}

/** A value, or the reason why there is none. */
export type Outcome<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

/** Whether the value is a refusal. */
export function isRefusal<T extends object>(value: T | Refusal): value is Refusal {
  return "code" in value && "detail" in value;
}

/** Returns a refusal of the whole request. */
export function refuse(code: ProblemCode, detail?: string): Refusal {
  return { code, detail };
}

/** Returns a refusal that points at the field `path`. */
export function refuseAt(code: ProblemCode, path: string, message: string): Refusal {
  return { code, detail: message, errors: [{ path, code, message }] };
}

/**
 * Returns the issues of zod as field errors, with paths joined by dots. A refinement sets its code with
 * `params: { code: "…" }`; everything else has the code of zod. An unknown key is the last part of its path.
 */
export function fieldErrors({ issues }: Pick<ZodError, "issues">): NonNullable<Problem["errors"]> {
  return issues.map((outer) => {
    const issue = innermost(outer);
    const path = issue.code === "unrecognized_keys" ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path;
    return {
      path: path.map(String).join("."),
      code: issue.code === "custom" ? String(issue.params?.code ?? "custom") : (issue.code ?? "custom"),
      message: issue.message,
    };
  });
}

/** The issue of the alternative of a union that the value fits best; of a value that fits none, the union's own. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== "invalid_union") return issue;
  const fitting = issue.errors.filter((found) => found.every((one) => isUnknownKey(one) || one.path.length));
  const [best] = fitting.toSorted((a, b) => faults(a) - faults(b));
  const found = best?.find(isUnknownKey) ?? best?.[0];
  return found ? innermost({ ...found, path: [...issue.path, ...found.path] }) : issue;
}

const isUnknownKey = (issue: z.core.$ZodIssue) => issue.code === "unrecognized_keys";

const faults = (issues: readonly z.core.$ZodIssue[]) =>
  issues.reduce((sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 1), 0);
