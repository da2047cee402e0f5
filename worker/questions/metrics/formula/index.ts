/**
 * The formula language: text to expression and back, its value, its unit. Pure.
 * @module
 */
export { evaluateFormula } from "./evaluate";
export { parseFormula } from "./parse";
export { printFormula } from "./print";
export {
  type Expression,
  type Fault,
  FUNCTION_NAMES,
  FUNCTIONS,
  type FunctionName,
  faultAt,
  isFault,
  mentionsIn,
  namesIn,
  placeWords,
  type Span,
} from "./syntax";
export { type FormulaUnit, unitOfFormula } from "./unit";
