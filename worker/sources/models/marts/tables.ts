/**
 * The mart of declared tables: mapped records with the time field of their mapping.
 * @module
 */
import type { Mapping } from "../../../../schema/wire/mapping";
import type { TableRow } from "../../../../schema/wire/mart";
import type { StoredRecord } from "../../records";

/** A row of a declared table. */
export function tableRow(
  { key, body, changed_at }: Pick<StoredRecord, "key" | "body" | "changed_at">,
  { project, source, mapping }: { project: string; source: string; mapping: Mapping },
): TableRow {
  const time = mapping.time_field === null ? null : body[mapping.time_field];
  return {
    project_id: project,
    at: isTime(time) ? time : changed_at,
    source_id: source,
    table: mapping.dataset,
    key,
    properties: JSON.stringify(body),
  };
}

/** Whether the number is a valid time; microseconds, for example, are out of range. */
const isTime = (value: unknown): value is number =>
  typeof value === "number" && !Number.isNaN(new Date(value).getTime());
