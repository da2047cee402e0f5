/** Public links (URLs, embed code, framing), activity links, and errors in the metric builder. */
import { describe, expect, it } from "vitest";
import { addressOf as pageOf } from "../../app/src/views/discussion/activity-labels";
import { missingTemplates } from "../../app/src/views/metrics/names";
import { faultsOf, proposed } from "../../app/src/views/metrics/preview-data";
import { framedBy } from "../../app/src/views/public/framing";
import { addressOf, expiryOf, hostsOf, snippetOf } from "../../app/src/views/public/share";
import type { MetricTemplate } from "../../schema/wire/metric";

describe("a public link", () => {
  it("has a URL, an escaped embed code, and an expiry", () => {
    const address = addressOf("https://numbers.example", "abc_-1");
    expect(address).toBe("https://numbers.example/share/abc_-1");
    expect(snippetOf(address, '"><script>')).toContain('title="&quot;&gt;&lt;script&gt;"');
    expect(expiryOf("", 5)).toBeNull();
    expect(expiryOf("7", 5)).toBe(7 * 86_400_000 + 5);
  });

  it("parses hosts in several formats", () => {
    expect(hostsOf("https://example.com/a/b, *.example.org\nexample.com:8080 https://example.com")).toEqual([
      "https://example.com",
      "*.example.org",
      "example.com:8080",
    ]);
    expect(hostsOf(" ")).toEqual([]);
  });

  it("can be framed by its allowed hosts only", () => {
    const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'";
    expect(framedBy(policy, ["https://example.com", "*.example.org"])).toBe(
      "default-src 'self'; frame-ancestors https://example.com *.example.org; base-uri 'none'",
    );
    expect(framedBy(policy, [])).toBe(policy);
    expect(framedBy(policy, ["x; script-src *"])).toBe(policy);
  });
});

describe("errors of a metric", () => {
  it("have a field and a position", () => {
    const path = "queries.total.define.signup_rate.formula";
    const message =
      "There is no metric visitrs; did you mean sessions.visitors? (character 11 of the formula)";
    expect(faultsOf([{ path, message }])).toEqual([
      {
        path: "formula",
        message: "There is no metric visitrs; did you mean sessions.visitors?",
        place: { from: 10, to: 11 },
      },
    ]);
    expect(faultsOf([{ path: "rule.field", message: "this_metric: needs a field" }])).toEqual([
      { path: "field", message: "Needs a field" },
    ]);
    expect(proposed(message)).toBe("sessions.visitors");
    expect(proposed("Expected a number")).toBeUndefined();
  });
});

describe("templates", () => {
  it("include missing dependencies, deepest first, without existing ones", () => {
    const template = (name: string, needs: string[]): MetricTemplate => ({
      name,
      label: name,
      description: "",
      rule: { kind: "formula", formula: "1" },
      good: "up",
      needs,
    });
    const all = [template("a", ["b", "c"]), template("b", ["d"]), template("c", []), template("d", ["a"])];
    const names = (defined: string[]) =>
      missingTemplates(
        { needs: ["b", "c"] },
        all,
        defined.map((name) => ({ name })),
      ).map(({ name }) => name);
    expect(names(["a"])).toEqual(["d", "b", "c"]);
    expect(names(["a", "c", "d"])).toEqual(["b"]);
  });
});

describe("an activity", () => {
  it("links to its subject", () => {
    expect(pageOf({ kind: "comment_added", subject_id: "d1" }, "p1")).toBe("/projects/p1/dashboards/d1");
    expect(pageOf({ kind: "metric_changed", subject_id: "m1" }, "p1")).toBe("/projects/p1/metrics/m1");
    expect(pageOf({ kind: "link_created", subject_id: "l1" }, "p1")).toBeUndefined();
    expect(pageOf({ kind: "metric_deleted", subject_id: "m1" }, "p1")).toBeUndefined();
  });
});
