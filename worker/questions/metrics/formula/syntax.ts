/**
 * The syntax tree of formulas, and their faults.
 * @module
 */

/** A range of the formula's text, in characters from 0, half-open. */
export interface Span {
  at: number;
  end: number;
}

/** Functions with their minimum and maximum number of arguments. */
export const FUNCTIONS = {
  min: [2, 10],
  max: [2, 10],
  abs: [1, 1],
  round: [1, 2],
  coalesce: [2, 10],
} as const satisfies Record<string, readonly [fewest: number, most: number]>;
export type FunctionName = keyof typeof FUNCTIONS;
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

export type Operator = "+" | "-" | "*" | "/";

/** A parsed formula. */
export type Expression = Span &
  (
    | { kind: "number"; value: number }
    /** `events.visitors`, a dataset's metric; `signup_rate`, a defined one. */
    | { kind: "name"; name: string }
    | { kind: "negate"; of: Expression }
    | { kind: "binary"; operator: Operator; left: Expression; right: Expression }
    | { kind: "call"; function: FunctionName; arguments: Expression[] }
  );

/** Why a formula is refused, and which part of it. */
export interface Fault extends Span {
  /** Message: what was found, what was expected, and a suggestion. */
  fault: string;
  /** `unknown`: a name; `syntax`: the text; `unit`: incompatible units; `cycle`: a metric that uses itself. */
  kind: "unknown" | "syntax" | "unit" | "cycle";
}

export function isFault<T extends object>(value: T | Fault): value is Fault {
  return "fault" in value;
}

export function faultAt({ at, end }: Span, kind: Fault["kind"], fault: string): Fault {
  return { at, end, kind, fault };
}

/** The position of a part, counted from 1: ` (character 3)` or ` (characters 3–9)`. */
export function placeWords({ at, end }: Span): string {
  return end - at > 1 ? ` (characters ${at + 1}–${end})` : ` (character ${at + 1})`;
}

/** The names in a formula, in order, and the first position of each. */
export function mentionsIn(expression: Expression): Map<string, Span> {
  const found = new Map<string, Span>();
  const visit = (part: Expression): void => {
    if (part.kind === "name" && !found.has(part.name)) found.set(part.name, part);
    for (const child of childrenOf(part)) visit(child);
  };
  visit(expression);
  return found;
}

/** The names in a formula, each once, in order. */
export function namesIn(expression: Expression): string[] {
  return [...mentionsIn(expression).keys()];
}

/** The expressions directly inside one. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "negate":
      return [expression.of];
    case "binary":
      return [expression.left, expression.right];
    case "call":
      return expression.arguments;
    default:
      return [];
  }
}
