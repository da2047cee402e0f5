/**
 * Prints formulas with the fewest parentheses.
 * @module
 */
import type { Expression } from "./syntax";

/** Precedence. */
const RANK = { "+": 1, "-": 1, "*": 2, "/": 2 } as const;
const NEGATION = 3;

/** The text of a formula; parsing it gives the same formula. */
export function printFormula(expression: Expression): string {
  return print(expression, 0);
}

/** `least`: parts of lower precedence are put in parentheses. */
function print(expression: Expression, least: number): string {
  switch (expression.kind) {
    case "number":
      return String(expression.value);
    case "name":
      return expression.name;
    case "negate":
      return enclosed(`-${print(expression.of, NEGATION)}`, NEGATION, least);
    case "call":
      return `${expression.function}(${expression.arguments.map((one) => print(one, 0)).join(", ")})`;
    case "binary": {
      const { operator, left, right } = expression;
      const rank = RANK[operator];
      // Operators are left-associative: a right operand of the same precedence needs its parentheses.
      return enclosed(`${print(left, rank)} ${operator} ${print(right, rank + 1)}`, rank, least);
    }
  }
}

const enclosed = (text: string, rank: number, least: number) => (rank < least ? `(${text})` : text);
