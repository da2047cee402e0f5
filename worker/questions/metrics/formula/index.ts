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
  faultAt,
  isFault,
  mentionsIn,
  namesIn,
  placeWords,
  type Span,
} from "./syntax";
export { unitOfFormula } from "./unit";
