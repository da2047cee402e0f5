/**
 * Checks that an answer has the shape that a vendor documents.
 * @module
 */
import type { z } from "zod";
import { SourceError } from "../vendor/driver";

/**
 * What the schema makes of a value. `what` says what it is, for the message, which holds paths but no values.
 * @throws SourceError `schema` when the value has another shape.
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
