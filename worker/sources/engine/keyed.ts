/**
 * Records as they are kept: checked by their stream's schema, keyed, and written so that equal records are equal texts.
 * @module
 */
import { SourceError, type SourceRecord, type StreamSpec } from "../vendor/driver";

/** A checked record. */
export interface ValidatedRecord {
  key: string;
  body: string;
  record: SourceRecord;
}

/** Checks a record and drops what its schema does not name. @throws SourceError `schema`, naming the field only. */
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

/** The text of a key: a value, or a JSON array of several. @throws SourceError `schema` when a part is missing. */
export function keyText(stream: StreamSpec, values: readonly unknown[]): string {
  for (const value of values) {
    if (typeof value !== "string" && typeof value !== "number")
      throw new SourceError("schema", `${stream.name}: a record without ${stream.primaryKey.join(", ")}`);
  }
  return values.length === 1 ? String(values[0]) : JSON.stringify(values);
}

/** JSON with the fields of every object in order. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, own: unknown) =>
    typeof own === "object" && own !== null && !Array.isArray(own)
      ? Object.fromEntries(Object.entries(own).sort(([a], [b]) => (a < b ? -1 : 1)))
      : own,
  );
}
