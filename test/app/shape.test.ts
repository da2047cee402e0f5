import { describe, expect, it } from "vitest";
import { changeOf } from "../../app/src/query-state";
import { shapeDashboard } from "../../app/src/views/explore/shape";
import { parseState } from "../../app/src/views/explore/state";
import { DAY_MS, makeResults, TODAY } from "./make-dashboard";

const NOON = TODAY + DAY_MS / 2;

function shaped(now = NOON) {
  const answer = shapeDashboard(makeResults(), parseState(""), "UTC", now);
  if (!answer.ok) throw new Error(answer.problem.title);
  return answer.data;
}

describe("shapeDashboard", () => {
  it("takes totals from the result instead of summing buckets", () => {
    expect(shaped().totals.visitors).toEqual({ value: 1200, previous: 1000 });
  });

  it("leaves out future buckets and marks the open one", () => {
    const { points } = shaped();
    expect(points.map((point) => [point.key, point.partial])).toEqual([
      [TODAY - DAY_MS, false],
      [TODAY, true],
    ]);
    expect(points[0]?.values.events?.previous).toBe(50);
  });

  it("marks no bucket as open in a past range", () => {
    expect(shaped(NOON + 5 * DAY_MS).points.some((point) => point.partial)).toBe(false);
  });

  it("keeps rows without a value and gives each its share and change", () => {
    const [first, second] = shaped().cards.sources.rows;
    expect(first).toMatchObject({ value: null, count: 300, share: 0.5, change: 1 });
    expect(second).toMatchObject({ value: "Google", change: null });
    expect(shaped().top?.value).toBe("page_view");
  });

  it("returns the first problem", () => {
    const problem = { type: "", title: "Too much", status: 422, code: "budget_exceeded" };
    const answer = shapeDashboard({ ...makeResults(), pages: problem }, parseState(""), "UTC", NOON);
    expect(answer).toEqual({ ok: false, problem });
  });
});

describe("changeOf", () => {
  it("returns null without a value to compare with", () => {
    expect(changeOf({ value: 3, previous: 0 })).toBeNull();
    expect(changeOf({ value: 3, previous: null })).toBeNull();
    expect(changeOf({ value: 0, previous: 4 })).toBe(-1);
  });
});
