/**
 * Converts records to their stored form: validated by the stream's schema, keyed, and serialized so that equal records have
 * equal text.
 * @module
 */
import { SourceError, type SourceRecord, type StreamSpec } from "../vendor/driver";

/** A validated record. */
export interface ValidatedRecord {
  key: string;
  body: string;
  record: SourceRecord;
}

/**
 * Validates a record and drops fields that its schema does not name. @throws SourceError `schema`, with the field's name but
 * not its value.
 */
export function validateRecord(stream: StreamSpec, record: SourceRecord): ValidatedRecord {
  const parsed = stream.schema.safeParse(record);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new SourceError("schema", `${stream.name}: ${issue?.path.join(".")}: ${issue?.message}`);
  }
  const own = parsed.data;
  return {
    key: keyText(
      stream,
      stream.primaryKey.map((name) => own[name]),
    ),
    body: canonical(own),
    record: own,
  };
}

/** Returns the key as text: one value, or a JSON array of several. @throws SourceError `schema` when a part is missing. */
export function keyText(stream: StreamSpec, values: readonly unknown[]): string {
  for (const value of values) {
    if (typeof value !== "string" && typeof value !== "number")
      throw new SourceError("schema", `${stream.name}: a record without ${stream.primaryKey.join(", ")}`);
  }
  return values.length === 1 ? String(values[0]) : JSON.stringify(values);
}

/** Serializes as JSON with sorted object fields. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, own: unknown) =>
    typeof own === "object" && own !== null && !Array.isArray(own)
      ? Object.fromEntries(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)))
      : own,
  );
}
