/** The metric builder: drafts and definitions, examples, names in formulas. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AGGREGATION_NAMES, apply, example, usable } from "../../app/src/views/metrics/aggregations";
import {
  BLANK,
  type Draft,
  definitionOf,
  draftOf,
  missing,
  nameOf,
  ruleOf,
} from "../../app/src/views/metrics/draft";
import { completions, type Name, piecesOf, replaceRange, wordAt } from "../../app/src/views/metrics/formula";
import { metricDefinitionSchema, metricNameSchema } from "../../schema/wire/metric";

const purchase = { dimension: "event:name", op: "eq", value: "purchase" } as const;

describe("a draft", () => {
  const draft: Draft = {
    ...BLANK,
    label: "Revenue",
    name: "revenue",
    isNamed: true,
    aggregation: "sum",
    field: "property:value",
    filters: [purchase],
    unit: "currency:EUR",
  };

  it("converts to a definition and back", () => {
    const definition = definitionOf(draft);
    expect(metricDefinitionSchema.parse(definition)).toEqual(definition);
    expect(definition.rule).toEqual({
      kind: "aggregate",
      dataset: "events",
      aggregation: "sum",
      field: "property:value",
      filters: purchase,
      unit: "currency:EUR",
    });
    expect(draftOf(definition)).toEqual(draft);
  });

  it("keeps nested filters that it cannot show", () => {
    const filters = { or: [purchase, { ...purchase, value: "refund" }] };
    const back = draftOf({ ...definitionOf(draft), rule: { ...ruleOf(draft), filters } as never });
    expect(back.filters).toEqual([]);
    expect(ruleOf({ ...back, filters: [purchase] })).toMatchObject({ filters: { and: [filters, purchase] } });
  });

  it("counts rows without a field and omits a unit that does not apply", () => {
    expect(ruleOf({ ...draft, aggregation: "count", field: "", filters: [] })).toEqual({
      kind: "aggregate",
      dataset: "events",
      aggregation: "count",
    });
    expect(ruleOf({ ...draft, aggregation: "unique" })).not.toHaveProperty("unit");
  });

  it("reports why it cannot be saved", () => {
    expect(missing(BLANK)).toContain("label");
    expect(missing({ ...BLANK, aggregation: "sum" })).toContain("field");
    expect(missing({ ...BLANK, kind: "formula" })).toContain("formula");
    expect(missing(draft)).toBeUndefined();
  });

  it("gets its name from its label", () => {
    expect(["Sign-up rate", "Émile’s 2nd", "95 percentile!", "…"].map(nameOf)).toEqual([
      "sign_up_rate",
      "emile_s_2nd",
      "percentile",
      "",
    ]);
    fc.assert(
      fc.property(fc.string(), (label) => {
        const name = nameOf(label);
        if (name) metricNameSchema.parse(name);
      }),
    );
  });
});

describe("examples", () => {
  const values = ["12", "30", "x", "45", "12", "1"];
  const list = (items: string[]) => items.join(", ");

  it("are calculated from sample values", () => {
    expect(example("average", values, String, list)).toBe("12, 30, 45, 12, 1 → 20");
    expect(example("unique", ["a", "b", "a"], String, list)).toBe("“a”, “b”, “a” → 2");
    expect(example("sum", ["x"], String, list)).toBeUndefined();
    expect(usable("max", values)).toEqual(["12", "30", "45", "12", "1"]);
  });

  it("are consistent for every list of numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 20 }), (numbers) => {
        const texts = numbers.map(String);
        const [min, median, p95, max] = (["min", "median", "p95", "max"] as const).map(
          (name) => apply(name, texts) ?? Number.NaN,
        ) as [number, number, number, number];
        expect(min <= median && median <= p95 && p95 <= max).toBe(true);
        expect(numbers).toContain(median);
        for (const name of AGGREGATION_NAMES) expect(apply(name, texts)).not.toBeNull();
      }),
    );
  });
});

describe("editing a formula", () => {
  const names: Name[] = [
    { name: "events.visitors", label: "Visitors", about: "" },
    { name: "sessions.visitors", label: "Visitors", about: "" },
    { name: "signups", label: "Sign-ups", about: "" },
  ];

  it("finds the name at the caret and completes it", () => {
    const text = "signups / vis * 100";
    const word = wordAt(text, 13);
    expect(text.slice(word.from, word.to)).toBe("vis");
    expect(completions(names, "vis").map(({ name }) => name)).toEqual([
      "events.visitors",
      "sessions.visitors",
    ]);
    expect(replaceRange(text, word, "events.visitors")).toEqual({
      text: "signups / events.visitors * 100",
      caret: 25,
    });
    expect(wordAt(text, 19)).toEqual({ from: 19, to: 19 });
    expect(completions(names, "signups")).toEqual([]);
  });

  it("splits the text at its errors without losing characters", () => {
    expect(piecesOf("signups / visitor", [{ from: 10, to: 17 }])).toEqual([
      { text: "signups / " },
      { text: "visitor", wrong: 0 },
    ]);
    expect(piecesOf("1 +", [{ from: 3, to: 3 }])).toEqual([{ text: "1 +" }, { text: " ", wrong: 0 }]);
    fc.assert(
      fc.property(fc.string(), fc.array(fc.record({ from: fc.nat(40), to: fc.nat(40) })), (text, errors) => {
        const whole = piecesOf(text, errors)
          .map((piece) => piece.text)
          .join("");
        expect([text, `${text} `]).toContain(whole);
      }),
    );
  });
});
