/**
 * What folding and deriving read of an event: most of its bytes are not needed.
 * @module
 */
import { VISIT_COLUMNS } from "../../../schema/wire/columns";
import { ENGAGEMENT } from "../../../schema/wire/event";
import type { EventRow } from "../../../schema/wire/row";
import { EVENT_VALUES } from "../rollup";

const COLUMNS: (keyof EventRow)[] = [
  "project_id",
  "timestamp",
  "event_id",
  "event_name",
  "visitor_id",
  "distinct_id",
  "session_id",
  "previous_anonymous_id",
  "sender",
  "path",
  "hostname",
  "properties",
  ...EVENT_VALUES.map(([, column]) => column),
  ...VISIT_COLUMNS,
];

/** For `readRows`. Properties are those of engagement events, which say how long. */
export const COUNTED_COLUMNS = {
  dataset: "events",
  columns: [...new Set(COLUMNS)],
  jsonWhere: { column: "event_name", value: ENGAGEMENT },
} as const;
