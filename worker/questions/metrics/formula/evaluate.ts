/**
 * Evaluates formulas. Null stays null: only `coalesce` turns it into a number.
 * @module
 */
import { childrenOf, type Expression, type FunctionName, type Operator } from "./syntax";

/**
 * The value of a formula from those of its names. Null where an operand is null, on division by 0, and when a
 * number would be too large.
 */
export function evaluateFormula(
  expression: Expression,
  lookUp: (name: string) => number | null,
): number | null {
  if (expression.kind === "number") return expression.value;
  if (expression.kind === "name") return finite(lookUp(expression.name));
  const values = childrenOf(expression).map((part) => evaluateFormula(part, lookUp));
  const known = values.filter((value) => value !== null);
  // The first that is not null: the only way from null to a number.
  if (expression.kind === "call" && expression.function === "coalesce") return known[0] ?? null;
  return known.length < values.length ? null : finite(applied(expression, known));
}

type Compound = Exclude<Expression, { kind: "number" | "name" }>;

function applied(expression: Compound, values: readonly number[]): number | null {
  const [first = 0, second = 0] = values;
  if (expression.kind === "negate") return -first;
  return expression.kind === "call"
    ? called(expression.function, values)
    : applyOperator(expression.operator, first, second);
}

function applyOperator(operator: Operator, left: number, right: number): number | null {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0 ? null : left / right;
  }
}

function called(name: FunctionName, values: readonly number[]): number | null {
  const [first = 0, second = 0] = values;
  switch (name) {
    case "coalesce":
      return values[0] ?? null;
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
    case "abs":
      return Math.abs(first);
    case "round":
      return rounded(first, second);
  }
}

/** Halves round away from 0. Numbers without that many decimals are unchanged. */
function rounded(value: number, digits: number): number {
  const scaled = Math.abs(value) * 10 ** digits;
  if (!(scaled < 2 ** 52)) return value;
  return (Math.sign(value) * Math.round(scaled)) / 10 ** digits;
}

/** Neither infinite nor -0. */
function finite(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : value + 0;
}
