/**
 * Defined metrics in queries: expanded into questions about metrics of datasets, which are answered together with all
 * others of a page, and put together again.
 * @module
 */
import type { Query } from "../../../../schema/wire/query";
import { type Compound, parseCompound, usesDefined } from "./formulas";
import { parse as parsePlain, type QueryContext, type Question } from "./query";
import type { Refusal } from "./refusal";

export { combine } from "../format/join";
export type { Compound } from "./formulas";

/** Checks a query: shape, names, values, range; where it asks for defined metrics, their rules too. */
export function parse(query: Query, asker: QueryContext): Question | Compound | Refusal {
  return usesDefined(query) ? parseCompound(query, asker) : parsePlain(query, asker);
}

/** The questions that have to be answered. */
export function partsOf(asked: Question | Compound): readonly Question[] {
  return "parts" in asked ? asked.parts : [asked];
}
