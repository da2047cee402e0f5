/** The formula language: what it parses, what it refuses and where, and that nothing makes it throw. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Unit } from "../../../../schema/wire/metric";
import {
  type Expression,
  evaluateFormula,
  FUNCTION_NAMES,
  FUNCTIONS,
  isFault,
  namesIn,
  parseFormula,
  printFormula,
  unitOfFormula,
} from "../../../../worker/questions/metrics";

const NAMES = ["events.visitors", "sessions.sessions", "signup_rate", "revenue", "min", "a"];

/** The expression without positions, for comparison. */
function bare(expression: Expression): unknown {
  const { at: _at, end: _end, ...rest } = expression;
  if (rest.kind === "negate") return { ...rest, of: bare(rest.of) };
  if (rest.kind === "binary") return { ...rest, left: bare(rest.left), right: bare(rest.right) };
  return rest.kind === "call" ? { ...rest, arguments: rest.arguments.map(bare) } : rest;
}

function read(text: string): Expression {
  const found = parseFormula(text);
  if (isFault(found)) throw new Error(`${text}: ${found.fault}`);
  return found;
}

const valueIn = (values: Record<string, number | null>) => (name: string) => values[name] ?? null;
const worth = (text: string, values: Record<string, number | null> = {}) =>
  evaluateFormula(read(text), valueIn(values));

/** Texts of valid formulas. */
const formulas: fc.Arbitrary<string> = fc.letrec<{ formula: string }>((tie) => ({
  formula: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...NAMES),
    fc.constantFrom("0", "1", "2.5", ".5", "3.", "1e3", "2E-2", "1e+21", "0.0000001"),
    fc
      .tuple(tie("formula"), fc.constantFrom("+", " - ", "*", "/", "\n/\t"), tie("formula"))
      .map((t) => t.join("")),
    tie("formula").map((inside) => `(${inside})`),
    tie("formula").map((of) => `-${of}`),
    fc.constantFrom(...FUNCTION_NAMES).chain((name) => {
      const [fewest] = FUNCTIONS[name];
      const rest =
        fewest > 1 ? fc.array(tie("formula"), { minLength: fewest - 1, maxLength: 3 }) : fc.constant([]);
      return fc
        .tuple(tie("formula"), rest)
        .map(([first, others]) => `${name}(${[first, ...others].join(",")})`);
    }),
  ),
})).formula;

const PIECES = [
  ..."+-*/(),.%^:; \n\t\0\"'`[]{}=<>!&|\\$_é😀\ud800",
  "1",
  "1.5.",
  "1e",
  "1e999",
  ".5",
  "0x1F",
  "NaN",
];
const WORDS = [
  ...NAMES,
  ...FUNCTION_NAMES,
  "events.",
  ".visitors",
  "__proto__",
  "constructor",
  "events.constructor",
];
const noise = fc
  .array(fc.oneof(fc.constantFrom(...PIECES, ...WORDS), fc.string({ unit: "binary", maxLength: 3 })), {
    maxLength: 40,
  })
  .map((parts) => parts.join(""));
/** A formula with a part removed, inserted or repeated. */
const mutated = fc
  .tuple(formulas, fc.nat(), fc.nat(8), fc.constantFrom("", ...PIECES, ...WORDS))
  .map(([text, at, cut, piece]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + piece + text.slice(place + cut);
  });

describe("the parser", () => {
  it("parses numbers, names, operators by precedence, functions", () => {
    expect(worth("1 + 2 * 3")).toBe(7);
    expect(worth("(1 + 2) * 3")).toBe(9);
    expect(worth("8 / 4 / 2")).toBe(1);
    expect(worth("8 - 4 - 2")).toBe(2);
    expect(worth("-2 * -3")).toBe(6);
    expect(worth("--2 - -2")).toBe(4);
    expect(worth(".5 + 1e2")).toBe(100.5);
    expect(worth("events.visitors / a", { "events.visitors": 3, a: 4 })).toBe(0.75);
    expect(worth("max(1, 2, 3) - min(4, 5) + abs(-6) + round(2.345, 2) + round(-2.5)")).toBeCloseTo(4.35);
    expect(namesIn(read("a / (a + max(min, events.visitors))"))).toEqual(["a", "min", "events.visitors"]);
  });

  it.each([
    ["", 0, "Expected a number, a metric or “(”, but the formula ends here"],
    ["1 +", 3, "Expected a number, a metric or “(”, but the formula ends here"],
    ["1 2", 2, "Expected an operator (+ - * /) or the end, but there is 2 here"],
    ["(1", 2, "Expected an operator or “)”, but the formula ends here"],
    ["a % 2", 2, '"%" is not allowed in a formula; did you mean / 100?'],
    ["a × 2", 2, '"×" is not allowed in a formula; did you mean *?'],
    ["averge(a)", 0, "There is no function `averge`; did you mean"],
    ["abs(1, 2)", 0, "`abs` takes 1 values, not 2"],
    ["round(a, b)", 9, "Expected the number of decimals, a whole number from 0 to 10"],
    ["1e999", 0, "1e999 is too large a number"],
    [`${"(".repeat(60)}1${")".repeat(60)}`, 51, "More than 50 nested parts"],
    [`1${"+1".repeat(600)}`, 1000, "A formula has at most 1000 characters"],
  ])("reports the position of the error in %j", (text, at, fault) => {
    expect(parseFormula(text)).toMatchObject({ at, fault: expect.stringContaining(fault) });
  });

  it("survives 100,000 fuzzed formulas, and parsed ones print to the same formula", () => {
    const seen = { read: 0, refused: 0 };
    fc.assert(
      fc.property(fc.oneof(noise, mutated, formulas), (text) => {
        const found = parseFormula(text);
        if (isFault(found)) {
          seen.refused++;
          expect(found.at >= 0 && found.at <= found.end && found.end <= text.length).toBe(true);
          return;
        }
        seen.read++;
        const again = parseFormula(printFormula(found));
        if (isFault(again)) expect(printFormula(found).length).toBeGreaterThan(1000);
        else expect(bare(again)).toEqual(bare(found));
        const value = evaluateFormula(found, (name) => (name.length % 2 ? null : name.length - 3));
        expect(value === null || Number.isFinite(value)).toBe(true);
        unitOfFormula(found, (name) => (name.length % 2 ? "count" : "currency:EUR"));
      }),
      { numRuns: 100_000, endOnFailure: true },
    );
    expect(seen.read).toBeGreaterThan(20_000);
    expect(seen.refused).toBeGreaterThan(20_000);
  }, 300_000);
});

describe("values", () => {
  it("are null on division by 0 and when an operand is null", () => {
    expect(worth("1 / 0")).toBeNull();
    expect(worth("0 / 0")).toBeNull();
    expect(worth("1 / (a - a)", { a: 3 })).toBeNull();
    expect(worth("a + 1", { a: null })).toBeNull();
    expect(worth("0 * a", { a: null })).toBeNull();
    expect(worth("max(a, 1)", { a: null })).toBeNull();
    expect(worth("1e308 * 10")).toBeNull();
    expect(Object.is(worth("-0"), 0)).toBe(true);
  });

  it("become a number from null only by coalesce", () => {
    expect(worth("coalesce(a, 0)", { a: null })).toBe(0);
    expect(worth("coalesce(a, 0)", { a: 5 })).toBe(5);
    expect(worth("coalesce(1 / 0, a, 2)", { a: null })).toBe(2);
    const isCoalesced = (part: Expression): boolean => printFormula(part).includes("coalesce");
    fc.assert(
      fc.property(formulas, (text) => {
        const formula = parseFormula(text);
        if (isFault(formula) || isCoalesced(formula) || !namesIn(formula).length) return;
        expect(evaluateFormula(formula, () => null)).toBeNull();
      }),
      { numRuns: 3000 },
    );
  });
});

describe("units", () => {
  const UNITS: Record<string, Unit> = {
    n: "count",
    r: "ratio",
    t: "ms",
    eur: "currency:EUR",
    usd: "currency:USD",
  };
  const unitIn = (text: string) => {
    const found = unitOfFormula(read(text), (name) => UNITS[name]!);
    return isFault(found) ? found.fault : found.unit;
  };

  it.each([
    ["n / n", "ratio"],
    ["eur / n", "currency:EUR"],
    ["eur / eur", "ratio"],
    ["t / n", "ms"],
    ["t / t", "ratio"],
    ["eur * r", "currency:EUR"],
    ["n * eur", "currency:EUR"],
    ["eur / r + eur * 2", "currency:EUR"],
    ["100 * r", "ratio"],
    ["1 - r", "ratio"],
    ["n + 1", "count"],
    ["n * r", "count"],
    ["1 / n", "ratio"],
    ["round(eur / n, 2)", "currency:EUR"],
    ["coalesce(eur, 0)", "currency:EUR"],
    ["max(t, 1000)", "ms"],
    ["2 * 3", "number"],
  ])("of %s is %s", (text, unit) => expect(unitIn(text)).toBe(unit));

  it.each([
    ["eur + usd", "an amount of EUR and an amount of USD are different currencies and cannot be added"],
    ["eur / usd", "different currencies and cannot be divided"],
    ["min(eur, usd)", "different currencies and cannot be compared"],
    ["n + t", "a count and a duration cannot be added: their units differ"],
    ["eur - n", "cannot be subtracted: their units differ"],
    ["n + r", "a count and a ratio cannot be added"],
    ["n / eur", "the result has no unit; swap the operands"],
    ["eur * eur", "cannot be multiplied: the result has no unit"],
    ["1 / eur", "cannot be divided"],
    ["coalesce(n / n, eur)", "cannot be compared"],
  ])("of %s cannot be combined", (text, fault) => expect(unitIn(text)).toContain(fault));

  /** The value of a formula when all amounts of a currency are in another unit of it. */
  it("never mix: an amount in a smaller unit changes the value by that factor, or not at all", () => {
    const amounts = fc.letrec<{ formula: string }>((tie) => ({
      formula: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom("n", "r", "t", "eur", "usd", "0"),
        fc
          .tuple(tie("formula"), fc.constantFrom("+", "-", "*", "/"), tie("formula"))
          .map(([a, o, b]) => `(${a}${o}${b})`),
        fc
          .tuple(fc.constantFrom("min", "max", "coalesce"), tie("formula"), tie("formula"))
          .map(([f, a, b]) => `${f}(${a},${b})`),
      ),
    })).formula;
    const base = { n: 7, r: 0.5, t: 900, eur: 30, usd: 11 };
    let checked = 0;
    fc.assert(
      fc.property(amounts, (text) => {
        const formula = read(text);
        const found = unitOfFormula(formula, (name) => UNITS[name]!);
        if (isFault(found)) return;
        const value = evaluateFormula(formula, valueIn(base));
        if (value === null) return;
        checked++;
        for (const coin of ["eur", "usd"] as const) {
          const scaled = evaluateFormula(formula, valueIn({ ...base, [coin]: base[coin] * 128 }));
          expect(scaled).toBeCloseTo(found.unit === UNITS[coin] ? value * 128 : value, 6);
        }
      }),
      { numRuns: 5000 },
    );
    expect(checked).toBeGreaterThan(500);
  });
});
