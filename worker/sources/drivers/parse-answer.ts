/**
 * Validates responses against the vendor's documented shape.
 * @module
 */
import type { z } from "zod";
import { SourceError } from "../vendor/driver";

/**
 * Parses a value with a schema. `what` names the value in the error, which contains paths but no values. @throws SourceError
 * `schema` when the value has another shape.
 */
export function parseShape<S extends z.ZodType>(what: string, schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [what, ...(issue?.path ?? [])].map(String).join(".");
  const wanted =
    issue?.code === "invalid_type" ? `no ${issue.expected}` : (issue?.code ?? "not as documented");
  throw new SourceError("schema", `${place}: ${wanted}`);
}
