/**
 * Refusals of this room, in the API's words.
 * @module
 */
import type { ProblemCode } from "../../schema/wire/error";

/** Why something was not done. */
export interface Refusal {
  refusal: ProblemCode;
  detail?: string;
}

export function refuse(refusal: ProblemCode, detail?: string): Refusal {
  return { refusal, detail };
}
