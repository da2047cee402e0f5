/**
 * Declarations of models: tables with columns, lineage and tests.
 * @module
 */
import type { Model } from "../../../../schema/wire/model";
import type { MartDataset } from "../store";

/** A column as shown to people. */
export type Column = Model["columns"][number];

/**
 * A rule for each row, or for all rows together.
 * - `relation`: values are among those of a column of another mart, in the same part.
 * - `sums`: daily sums of columns equal those in another mart, or in the records (`records`), in the same part.
 */
export type Test =
  | { kind: "unique"; columns: readonly string[] }
  | { kind: "not_null"; column: string }
  | { kind: "accepted"; column: string; values: readonly string[] }
  | { kind: "matches"; column: string; pattern: RegExp }
  | { kind: "range"; column: string; min: number; max: number }
  | { kind: "at_most"; column: string; other: string }
  | { kind: "relation"; column: string; to: MartDataset }
  | { kind: "sums"; columns: readonly string[]; to: MartDataset | "records" };

/** The declaration of a model. */
export interface DeclaredModel
  extends Pick<Model, "name" | "layer" | "description" | "key" | "columns" | "from"> {
  /** Only for marts. */
  dataset?: MartDataset;
  tests: readonly Test[];
}

/** Name of a test, under which its results are stored. */
export function testName(test: Test): string {
  if (test.kind === "unique") return `unique(${test.columns.join(", ")})`;
  if (test.kind === "sums") return `sums(${test.columns.join(", ")}) = ${test.to}`;
  if (test.kind === "relation") return `relation(${test.column} → ${test.to})`;
  return test.kind === "at_most" ? `at_most(${test.column}, ${test.other})` : `${test.kind}(${test.column})`;
}

/** Description of a test for people. */
export function describeTest(test: Test): string {
  switch (test.kind) {
    case "unique":
      return "Must be unique.";
    case "not_null":
      return "Must not be null.";
    case "accepted":
      return `Must be one of ${test.values.join(", ")}.`;
    case "matches":
      return `Must match ${test.pattern.source}.`;
    case "range":
      return `Must be between ${test.min} and ${test.max.toLocaleString("en")}.`;
    case "at_most":
      return `Must be at most ${test.other}.`;
    case "relation":
      return `Must exist in ${test.to}.`;
    case "sums":
      return `Daily sums must equal those of ${test.to === "records" ? "the records" : test.to}.`;
  }
}
