/**
 * Evaluates the tests of a model on its rows. Pure; one partition at a time.
 * @module
 */
import { type DeclaredModel, type Test, testName } from "./catalog/model";
import type { MartDataset } from "./store";

/** A row of any mart. */
export type MartRow = Readonly<Record<string, string | number | boolean | null>>;
/** Rows of one partition: of its marts, and of ad days as read. */
export type PartRows = { [D in MartDataset | "records"]?: readonly MartRow[] };

/** Findings of a test so far. */
export interface TestOutcome {
  model: string;
  test: string;
  rows: number;
  failures: number;
  examples: string[];
}

const EXAMPLES = 5;
/** Tolerance of sums, because sums of fractions differ in their last digits. */
const SLACK = 1e-6;

/** Runs every test of a model on a partition and adds to the findings. */
export function evaluatePart(
  { name, key, tests, dataset }: DeclaredModel,
  part: PartRows,
  found: Map<string, TestOutcome>,
): void {
  const rows = (dataset && part[dataset]) ?? [];
  for (const test of tests) {
    const id = testName(test);
    const held = found.get(id) ?? { model: name, test: id, rows: 0, failures: 0, examples: [] };
    found.set(id, held);
    const wrong = failingKeys(test, rows, part, key);
    held.rows += rows.length;
    held.failures += wrong.length;
    held.examples.push(...wrong.slice(0, EXAMPLES - held.examples.length));
  }
}

const rowKey = (row: MartRow, key: readonly string[]): string =>
  key.map((column) => shown(column, row[column] ?? null)).join(" / ");

/** Formats days as dates. */
function shown(column: string, value: MartRow[string] | undefined): string {
  return column === "date" && typeof value === "number" ? dayOf(value) : String(value);
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** Returns the keys of rows that fail a test. */
function failingKeys(test: Test, rows: readonly MartRow[], part: PartRows, key: readonly string[]): string[] {
  if (test.kind === "unique") return repeated(rows.map((row) => rowKey(row, test.columns)));
  if (test.kind === "sums") {
    const other = part[test.to];
    return other ? unequalDays(rows, other, test.columns) : [];
  }
  const holds = rowTest(test, part);
  return rows.filter((row) => !holds(row)).map((row) => rowKey(row, key));
}

function repeated(keys: readonly string[]): string[] {
  const seen = new Set<string>();
  return keys.filter((key) => {
    const isKnown = seen.has(key);
    seen.add(key);
    return isKnown;
  });
}

/** Null passes every test except `not_null`. */
function rowTest(
  test: Exclude<Test, { kind: "unique" | "sums" }>,
  part: PartRows,
): (row: MartRow) => boolean {
  const { kind, column } = test;
  const of = (row: MartRow) => row[column] ?? null;
  if (kind === "not_null") return (row) => of(row) !== null;
  const holds = valueTest(test, part);
  return (row) => {
    const value = of(row);
    return value === null || holds(value, row);
  };
}

type Value = string | number | boolean;

function valueTest(
  test: Exclude<Test, { kind: "unique" | "sums" | "not_null" }>,
  part: PartRows,
): (value: Value, row: MartRow) => boolean {
  switch (test.kind) {
    case "accepted":
      return (value) => test.values.includes(String(value));
    case "matches":
      return (value) => test.pattern.test(String(value));
    case "range":
      return (value) => Number(value) >= test.min && Number(value) <= test.max;
    case "at_most":
      return (value, row) => Number(value) <= Number(row[test.other]);
    case "relation": {
      const known = new Set((part[test.to] ?? []).map((row) => row[test.column]));
      return (value) => known.has(value);
    }
  }
}

function unequalDays(
  rows: readonly MartRow[],
  other: readonly MartRow[],
  columns: readonly string[],
): string[] {
  const [actual, expected] = [sumsByDay(rows, columns), sumsByDay(other, columns)];
  const days = new Set([...actual.keys(), ...expected.keys()]);
  return [...days]
    .sort((a, b) => a - b)
    .flatMap((day) =>
      columns.flatMap((column, i) => {
        const [a, b] = [actual.get(day)?.[i] ?? 0, expected.get(day)?.[i] ?? 0];
        return Math.abs(a - b) > SLACK * Math.max(1, Math.abs(b))
          ? [`${dayOf(day)}: ${column} ${a} ≠ ${b}`]
          : [];
      }),
    );
}

function sumsByDay(rows: readonly MartRow[], columns: readonly string[]): Map<number, number[]> {
  const sums = new Map<number, number[]>();
  for (const row of rows) {
    const day = Number(row.date);
    const own = sums.get(day) ?? columns.map(() => 0);
    columns.forEach((column, i) => {
      own[i] = (own[i] ?? 0) + Number(row[column]);
    });
    sums.set(day, own);
  }
  return sums;
}
