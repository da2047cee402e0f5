/**
 * Units of formulas: which can be combined, and the unit of the result.
 * @module
 */
import type { Unit } from "../../../../schema/wire/metric";
import {
  childrenOf,
  type Expression,
  type Fault,
  faultAt,
  isFault,
  type Operator,
  type Span,
} from "./syntax";

/** A number in the formula takes the unit that it is combined with. */
export type FormulaUnit = Unit | "number";

type UnitResult = { unit: FormulaUnit } | Fault;

/** Returns the unit of a formula, or why its parts cannot be combined. */
export function unitOfFormula(
  expression: Expression,
  unitOf: (name: string) => Unit,
): { unit: FormulaUnit } | Fault {
  if (expression.kind === "number") return { unit: "number" };
  if (expression.kind === "name") return { unit: unitOf(expression.name) };
  const units: FormulaUnit[] = [];
  for (const part of childrenOf(expression)) {
    const found = unitOfFormula(part, unitOf);
    if (isFault(found)) return found;
    units.push(found.unit);
  }
  if (expression.kind === "binary") {
    const [left, right] = units as [FormulaUnit, FormulaUnit];
    return combined(expression.operator, left, right, expression);
  }
  const compared = expression.kind === "call" && expression.function === "round" ? units.slice(0, 1) : units;
  return commonUnit(compared, expression, "compared");
}

function combined(operator: Operator, left: FormulaUnit, right: FormulaUnit, span: Span): UnitResult {
  switch (operator) {
    case "+":
      return commonUnit([left, right], span, "added");
    case "-":
      return commonUnit([left, right], span, "subtracted");
    case "*":
      return multiplied(left, right, span);
    case "/":
      return divided(left, right, span);
  }
}

/** The common unit of all parts; numbers match any. */
function commonUnit(units: readonly FormulaUnit[], span: Span, verb: string): UnitResult {
  const [unit = "number", ...others] = new Set(units.filter((one) => one !== "number"));
  const [other] = others;
  return other === undefined ? { unit } : refuseUnits(unit, other, span, verb);
}

function multiplied(left: FormulaUnit, right: FormulaUnit, span: Span): UnitResult {
  if (isPlain(left)) return { unit: left === "number" || right !== "number" ? right : left };
  if (isPlain(right)) return { unit: left };
  if (left === "count") return { unit: right };
  return right === "count" ? { unit: left } : refuseUnits(left, right, span, "multiplied");
}

function divided(left: FormulaUnit, right: FormulaUnit, span: Span): UnitResult {
  if (isPlain(right)) return { unit: left === "number" && right === "ratio" ? "ratio" : left };
  if (left === right) return { unit: "ratio" };
  // Per count: an average order value, the duration per session.
  if (right === "count") return { unit: isPlain(left) ? "ratio" : left };
  return refuseUnits(left, right, span, "divided");
}

const isPlain = (unit: FormulaUnit): unit is "number" | "ratio" => unit === "number" || unit === "ratio";

function refuseUnits(left: FormulaUnit, right: FormulaUnit, span: Span, verb: string): Fault {
  const [a, b] = [describeUnit(left), describeUnit(right)];
  if (isCurrency(left) && isCurrency(right) && left !== right) {
    return faultAt(span, "unit", `${a} and ${b} are different currencies and cannot be ${verb}`);
  }
  if (verb !== "multiplied" && verb !== "divided") {
    return faultAt(span, "unit", `${a} and ${b} cannot be ${verb}: their units differ`);
  }
  const turned = verb === "divided" && left === "count" ? "; swap the operands" : "";
  return faultAt(span, "unit", `${a} and ${b} cannot be ${verb}: the result has no unit${turned}`);
}

/** The project's currency is a separate unit, because it differs between projects. */
const isCurrency = (unit: FormulaUnit) => unit === "currency" || unit.startsWith("currency:");

/** Describes a unit. */
export function describeUnit(unit: FormulaUnit): string {
  switch (unit) {
    case "count":
      return "a count";
    case "ratio":
      return "a ratio";
    case "ms":
      return "a duration";
    case "number":
      return "a number";
    case "currency":
      return "an amount of the project's currency";
    default:
      return `an amount of ${unit.slice("currency:".length)}`;
  }
}
