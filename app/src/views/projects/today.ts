/**
 * The numbers of today for the list of projects.
 * @module
 */
import { query } from "@solidjs/router";
import { queryBatch } from "../../client/analytics";

/** Null where the query failed. */
export interface Today {
  visitors: number | null;
  pageviews: number | null;
  /** Visitors per day in the last week. */
  week: (number | null)[];
}

const number = (value: unknown) => (typeof value === "number" ? value : null);

/** Today so far and the last week; null when the request fails. */
export const today = query(async (project: string): Promise<Today | null> => {
  const visitors = { dataset: "sessions", metrics: ["visitors"] };
  const result = await queryBatch(project, {
    people: { ...visitors, range: "today" },
    views: { dataset: "events", metrics: ["pageviews"], range: "today" },
    week: { ...visitors, range: "7d", granularity: "day", dimensions: ["time:day"] },
  });
  if (!result.ok) return null;
  const { people, views, week } = result.data;
  if (!("rows" in people) || !("rows" in views) || !("rows" in week)) return null;
  return {
    visitors: number(people.totals?.visitors),
    pageviews: number(views.totals?.pageviews),
    week: week.rows.map((row) => number(row[1])),
  };
}, "today");
