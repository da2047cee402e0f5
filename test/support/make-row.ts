import { CONTEXT_COLUMNS, nullsOf, STEP_COLUMNS } from "../../schema/wire/columns";
import type { EventRow } from "../../schema/wire/row";

/** A complete row with defaults. */
export function makeRow(given: Partial<EventRow> & Pick<EventRow, "event_id" | "timestamp">): EventRow {
  return {
    ...nullsOf([...STEP_COLUMNS, ...CONTEXT_COLUMNS]),
    project_id: "p1",
    event_name: "page_view",
    visitor_id: given.distinct_id ?? "anonymous",
    received_at: given.timestamp,
    sender: null,
    clock_skewed: false,
    path: "/",
    hostname: "example.com",
    channel: "Direct",
    language: "en",
    screen: "1440x900",
    country: "DE",
    browser: "Firefox",
    browser_version: "140",
    os: "Linux",
    device: "desktop",
    drop_reason: null,
    ...given,
  };
}
