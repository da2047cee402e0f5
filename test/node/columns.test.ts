/** What is stored by position or read by others must not move when a column is added. */
import { describe, expect, it } from "vitest";
import {
  EVENT_COLUMNS,
  EVENT_DIMENSIONS,
  type EventColumn,
  VISIT_COLUMNS,
  VISIT_DIMENSIONS,
} from "../../schema/wire/columns.ts";
import { DATASETS } from "../../worker/pipeline/lake/columns.ts";

/** Columns of the first files, in their order. */
const FIRST_EVENTS =
  `project_id timestamp event_name visitor_id distinct_id session_id path hostname referrer source
  channel utm_source utm_medium utm_campaign utm_term utm_content country region city browser browser_version os
  os_version device language screen clock_skewed drop_reason received_at previous_anonymous_id title page_url user_agent
  ip_hash event_id properties`.split(/\s+/);
const FIRST_SESSIONS =
  `project_id started_at ended_at epoch visitor_id distinct_id events pageviews engaged_ms bounce
  entry_path exit_path hostname source channel referrer utm_source utm_medium utm_campaign utm_term utm_content country
  region city browser os device language screen session_key`.split(/\s+/);
const FIRST_VISIT =
  `source channel referrer utm_source utm_medium utm_campaign utm_term utm_content country region city
  browser os device language screen`.split(/\s+/);

describe("the lake's columns", () => {
  it.each([
    ["events", FIRST_EVENTS],
    ["dropped", FIRST_EVENTS],
    ["sessions", FIRST_SESSIONS],
  ] as const)("of %s stay in their order, and later ones are nullable", (dataset, first) => {
    const columns = Object.entries(DATASETS[dataset].columns);
    expect(columns.map(([name]) => name).filter((name) => first.includes(name))).toEqual(first);
    const later = columns.filter(([name]) => !first.includes(name));
    expect(later.filter(([, { nullable }]) => !nullable)).toEqual([]);
  });

  it("have the types of the first files", () => {
    const other = Object.entries<EventColumn>(EVENT_COLUMNS)
      .filter(([name]) => FIRST_EVENTS.includes(name))
      .filter(([, { encoding }]) => encoding !== "dictionary")
      .map(([name, { encoding }]) => `${name} ${encoding}`);
    expect(other).toEqual([
      "timestamp timestamp",
      "clock_skewed boolean",
      "received_at timestamp",
      "event_id text",
      "properties json",
    ]);
  });
});

it("Fields of a visit are only appended: open sessions list them by position", () => {
  expect(VISIT_COLUMNS.slice(0, FIRST_VISIT.length)).toEqual(FIRST_VISIT);
});

it("Every dimension has a name, a label and a description of its own", () => {
  const all = [...EVENT_DIMENSIONS, ...VISIT_DIMENSIONS];
  for (const key of ["name", "label", "description"] as const)
    expect(new Set(all.map((dimension) => dimension[key])).size, key).toBe(all.length);
});
