/** Keys that a query does not have are refused, with the most similar known one. */
import { describe, expect, it } from "vitest";
import type { Query } from "../../../../schema/wire/query";
import { parse } from "../../../../worker/questions/query";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const context = { project: "p", timezone: "UTC", currency: "EUR", now: NOW };

/** What clients send: types do not protect them. */
const refusal = (given: object) =>
  parse({ dataset: "events", metrics: ["events"], ...given } as Query, context);

describe("unknown keys", () => {
  it.each<[object, string, string]>([
    [{ filter: {} }, "filter", "Unknown key `filter`. Did you mean `filters`?"],
    [{ range: { form: "2026-03-01" } }, "range", "from"],
    [{ range: { from: "2026-03-01", until: "2026-03-02" } }, "range.until", "Unknown key `until`"],
    [
      { filters: { and: [{ dimension: "event:path", op: "eq", vlaue: "/" }] } },
      "filters.and.0.vlaue",
      "Did you mean `value`?",
    ],
    [{ order_by: [{ name: "events", dir: "asc" }] }, "order_by.0.dir", "Unknown key `dir`"],
    [
      { define: { a: { kind: "aggregate", dataset: "events", aggregation: "count", filter: {} } } },
      "define.a.filter",
      "Did you mean `filters`?",
    ],
  ])("%j", (given, path, message) => {
    const found = refusal(given);
    expect(found).toMatchObject({ code: "query_invalid" });
    const errors = "errors" in found ? (found.errors ?? []) : [];
    expect(errors.map((error) => error.path).some((one) => one.startsWith(path))).toBe(true);
    expect(errors.map((error) => error.message).join()).toContain(message);
  });

  it("of a key of a million characters are not repeated in the answer", () => {
    expect(JSON.stringify(refusal({ ["x".repeat(1_000_000)]: 1 })).length).toBeLessThan(1_100_000);
    const found = refusal({ ["x".repeat(1_000_000)]: 1 });
    expect("errors" in found && found.errors?.[0]?.message.length).toBeLessThan(200);
  });
});

describe("a named range", () => {
  it("has no other end", () => {
    expect(refusal({ range: { from: "7d", to: "2026-03-19" } })).toMatchObject({
      code: "range_invalid",
      errors: [{ path: "range.to" }],
    });
    expect(refusal({ range: { from: "7d" } })).toHaveProperty("parts");
  });
});
