/** Definitions: how they resolve, what is refused and where, and how they are described. */
import { describe, expect, it } from "vitest";
import type { MetricRule } from "../../../../schema/wire/metric";
import {
  aboutRule,
  basesOf,
  Definitions,
  mentionedIn,
  numberIn,
  resolvedValue,
  unitOf,
} from "../../../../worker/questions/metrics";

type AggregateRule = Extract<MetricRule, { kind: "aggregate" }>;
const aggregate = (rest: Partial<AggregateRule> & Pick<AggregateRule, "aggregation">): MetricRule => ({
  kind: "aggregate",
  dataset: "events",
  ...rest,
});
const formula = (text: string): MetricRule => ({ kind: "formula", formula: text });

function resolve(name: string, rules: Record<string, MetricRule>) {
  const found = new Definitions(rules).resolve(name);
  if ("fault" in found) throw new Error(found.fault);
  return found;
}
const faultOf = (rule: MetricRule, rules: Record<string, MetricRule> = {}) =>
  new Definitions({ ...rules, it: rule }).resolve("it");

const SIGNUP = { dimension: "event:name", op: "eq", value: "signup" } as const;
const RULES: Record<string, MetricRule> = {
  signups: aggregate({ aggregation: "count", filters: SIGNUP }),
  signup_rate: formula("signups / events.visitors"),
  revenue: aggregate({ aggregation: "sum", field: "property:price", unit: "currency:EUR" }),
  dollars: aggregate({ aggregation: "sum", field: "property:usd", unit: "currency:USD" }),
  per_visitor: formula("revenue / events.visitors"),
  margin: formula("(revenue - per_visitor) / revenue"),
};

describe("a definition", () => {
  it.each([
    ["signups", "count"],
    ["signup_rate", "ratio"],
    ["revenue", "currency:EUR"],
    ["per_visitor", "currency:EUR"],
    ["margin", "ratio"],
  ])("%s yields %s", (name, unit) => expect(unitOf(resolve(name, RULES))).toBe(unit));

  it("has the unit of the field, or of a count where values do not matter", () => {
    const visits = { dataset: "sessions", field: "visit:duration_ms" };
    expect(unitOf(resolve("it", { it: aggregate({ ...visits, aggregation: "p95" }) }))).toBe("ms");
    expect(unitOf(resolve("it", { it: aggregate({ ...visits, aggregation: "unique" }) }))).toBe("count");
    expect(unitOf(resolve("it", { it: formula("2 * 21") }))).toBe("count");
  });

  it("resolves to metrics of datasets, each once", () => {
    const bases = basesOf(resolve("margin", RULES)).map(
      ({ dataset, metric }) => `${dataset.name} ${metric.name}`,
    );
    expect(bases).toEqual(["events revenue", "events visitors"]);
    expect(mentionedIn(RULES.margin!)).toEqual(["revenue", "per_visitor"]);
    expect(mentionedIn(formula("1 +"))).toEqual([]);
  });

  it("counts a field's rows, visitors and sessions by what rollups store", () => {
    const metricOf = (rule: MetricRule) => {
      const found = resolve("it", { it: rule });
      return found.kind === "base" ? [found.metric.value, found.filters] : null;
    };
    const has = { dimension: "event:path", op: "is_set", value: true };
    expect(metricOf(aggregate({ aggregation: "count", field: "event:path", filters: SIGNUP }))).toEqual([
      { measure: "events" },
      { and: [SIGNUP, has] },
    ]);
    expect(metricOf(aggregate({ aggregation: "unique", field: "visitor" }))).toEqual([
      { measure: "visitors" },
      undefined,
    ]);
    expect(metricOf(aggregate({ aggregation: "unique", field: "session", filters: SIGNUP }))).toEqual([
      { measure: "sessions" },
      SIGNUP,
    ]);
  });

  it("is evaluated with each used metric computed once", () => {
    let asked = 0;
    const value = resolvedValue(resolve("margin", RULES), ({ metric }) => {
      asked++;
      return metric.name === "revenue" ? 50 : 10;
    });
    expect([value, asked]).toEqual([0.9, 2]);
    expect(resolvedValue(resolve("margin", RULES), () => 0)).toBeNull();
    expect(resolvedValue(resolve("signup_rate", RULES), () => null)).toBeNull();
  });

  it("may have the maximum length and use the maximum number of metrics", () => {
    const ones = "+1".repeat(490);
    const chain = Array.from({ length: 20 }, (_, i) => [
      `m${i}`,
      formula(`${i ? `m${i - 1}` : "events.events"}${ones}`),
    ]);
    const found = resolve("m19", Object.fromEntries(chain));
    expect(resolvedValue(found, () => 7)).toBe(7 + 20 * 490);
    expect(unitOf(found)).toBe("count");
  });

  it.each<[string, MetricRule, object]>([
    [
      "a circle of one",
      formula("1 + it"),
      { metric: "it", kind: "cycle", fault: "`it` uses itself: it → it", span: { at: 4, end: 6 } },
    ],
    [
      "unlike currencies",
      formula("revenue + dollars"),
      { metric: "it", kind: "unit", span: { at: 0, end: 17 } },
    ],
    [
      "currencies far below",
      formula("margin * 2 + per_visitor / dollars"),
      { metric: "it", kind: "unit", span: { at: 13, end: 34 } },
    ],
    [
      "a bare name of a dataset's metric",
      formula("bounce_rate"),
      { fault: "There is no metric `bounce_rate`; did you mean `sessions.bounce_rate`?" },
    ],
    [
      "an unknown dataset",
      formula("event.visitors"),
      { fault: "There is no metric `event.visitors`; did you mean `events.visitors`?" },
    ],
    ["a name of Object", formula("constructor + events.constructor"), { kind: "unknown" }],
    [
      "a metric below that is wrong",
      formula("signups + broken"),
      { metric: "broken", path: "formula", kind: "syntax" },
    ],
    [
      "an unknown dataset of an aggregation",
      aggregate({ aggregation: "count", dataset: "orders" }),
      { path: "dataset", kind: "unknown" },
    ],
    [
      "a mistyped visitor",
      aggregate({ aggregation: "unique", field: "visitors" }),
      { path: "field", fault: "There is no field `visitors`; did you mean `visitor`?" },
    ],
    [
      "the sum of time",
      aggregate({ aggregation: "sum", field: "time:day" }),
      { path: "field", kind: "rule" },
    ],
    [
      "counting what every row has",
      aggregate({ aggregation: "count", dataset: "sessions", field: "visit:events" }),
      { path: "field", kind: "rule" },
    ],
    [
      "what a session has several of",
      aggregate({ aggregation: "sum", dataset: "sessions", field: "property:price" }),
      {
        path: "field",
        fault:
          "A session has several values of `property:price`: use the dataset `events`, whose rows have one each",
      },
    ],
  ])("is refused: %s", (_, rule, wanted) => {
    expect(faultOf(rule, { ...RULES, broken: formula("1 +") })).toMatchObject(wanted);
  });
});

describe("numbers in values", () => {
  it.each([
    ["12.5", 12.5],
    [" 7 ", 7],
    ["-3e2", -300],
    [".5", 0.5],
    ["+4", 4],
  ])("%j is %d", (text, number) => expect(numberIn(text)).toBe(number));
  it.each(["", " ", "0x10", "Infinity", "NaN", "true", "1,5", "1e999", "12 kg", null])("%j is none", (text) =>
    expect(numberIn(text)).toBeNaN(),
  );
});

describe("in words", () => {
  it.each<[MetricRule, string]>([
    [RULES.signups!, "The number of events where event:name is signup."],
    [
      aggregate({ aggregation: "count", field: "property:plan" }),
      "The number of events where property:plan is set.",
    ],
    [
      aggregate({ aggregation: "unique", field: "visitor", filters: SIGNUP }),
      "The number of different visitors of events where event:name is signup.",
    ],
    [
      aggregate({
        aggregation: "p95",
        field: "visit:duration_ms",
        dataset: "sessions",
        filters: { or: [SIGNUP, { not: { dimension: "visit:country", op: "in", value: ["DE", null] } }] },
      }),
      "The 95th percentile of visit:duration_ms over sessions where event:name is signup or (not visit:country is one of DE, null).",
    ],
    [
      RULES.signup_rate!,
      "signups / events.visitors, where signups is the number of events where event:name is signup.",
    ],
  ])("%j", (rule, words) => {
    const rules = { ...RULES, it: rule };
    expect(aboutRule(rule, resolve("it", rules), rules).explanation).toBe(words);
  });
});
