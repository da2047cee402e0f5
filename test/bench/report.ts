/**
 * Results of benchmarks, and their output.
 * @module
 */
import { loadavg } from "node:os";

export type Cell = string | number;

/** A table; columns in the order of the first row's names. */
export interface Table {
  title: string;
  rows: Record<string, Cell>[];
  notes?: string[];
}

/** A number with its upper or lower bound. */
export interface Check {
  what: string;
  value: number;
  unit: string;
  most?: number;
  least?: number;
}

export interface Outcome {
  tables: Table[];
  checks: Check[];
}

/** One benchmark. It reports progress through `say` and stops by itself. */
export type Bench = (say: (text: string) => void) => Promise<Outcome>;

export function holds({ value, most, least }: Check): boolean {
  return (most === undefined || value <= most) && (least === undefined || value >= least);
}

/** Four significant digits, with separators of thousands. */
export function show(cell: Cell): string {
  if (typeof cell === "string") return cell;
  const digits = Number.isInteger(cell) || Math.abs(cell) >= 1000 ? 0 : Math.abs(cell) >= 10 ? 1 : 3;
  return cell.toLocaleString("en", { maximumFractionDigits: digits });
}

/** Prints an outcome. */
export function print({ tables, checks }: Outcome): void {
  for (const { title, rows, notes = [] } of tables) {
    console.log(`\n${title}   (load ${loadavg()[0]?.toFixed(1)})`);
    printRows(rows);
    for (const note of notes) console.log(`  ${note}`);
  }
  if (checks.length) console.log("");
  for (const check of checks) {
    const bound = check.most === undefined ? `≥ ${show(check.least ?? 0)}` : `≤ ${show(check.most)}`;
    const verdict = holds(check) ? "passed" : "MISSED";
    console.log(`  ${verdict.padEnd(7)} ${check.what}: ${show(check.value)} ${check.unit} (${bound})`);
  }
}

function printRows(rows: readonly Record<string, Cell>[]): void {
  const names = Object.keys(rows[0] ?? {});
  const lines = [names, ...rows.map((row) => names.map((name) => show(row[name] ?? "")))];
  const widths = names.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  for (const [index, line] of lines.entries()) {
    const cells = line.map((text, column) =>
      index > 0 && typeof rows[index - 1]?.[names[column] ?? ""] === "number"
        ? text.padStart(widths[column] ?? 0)
        : text.padEnd(widths[column] ?? 0),
    );
    console.log(`  ${cells.join("  ").trimEnd()}`);
    if (index === 0) console.log(`  ${widths.map((width) => "─".repeat(width)).join("  ")}`);
  }
}
