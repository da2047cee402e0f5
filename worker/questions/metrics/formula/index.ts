/**
 * The formula language: parsing, printing, evaluation, units. No I/O.
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
