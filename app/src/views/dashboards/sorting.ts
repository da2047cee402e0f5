/**
 * Tables in the order that the reader chose, and as files.
 * @module
 */
import type { Line, Table } from "./shape";

export interface Order {
  /** Index of the column. */
  column: number;
  down: boolean;
}

/** Lines in order; what is missing stands last either way, ties keep their places. */
export function sorted(lines: readonly Line[], order: Order | undefined, locale: string): Line[] {
  if (!order) return [...lines];
  const sign = order.down ? -1 : 1;
  return [...lines].sort((a, b) => {
    const [left, right] = [a.cells[order.column] ?? null, b.cells[order.column] ?? null];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (typeof left === "number" && typeof right === "number") return sign * (left - right);
    return sign * String(left).localeCompare(String(right), locale, { numeric: true });
  });
}

/** What the next press on a column's head asks for: numbers begin with the largest, words with A. */
export function nextOrder(order: Order | undefined, column: number, isNumber: boolean): Order | undefined {
  if (order?.column !== column) return { column, down: isNumber };
  return order.down === isNumber ? { column, down: !isNumber } : undefined;
}

/** A leading sign would let a spreadsheet run the text as a formula. */
const DANGEROUS = /^[=+\-@\t\r]/;

function field(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = DANGEROUS.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180 text of a table: names as they are asked for, times as ISO 8601. */
export function csvOf(table: Table, lines: readonly Line[]): string {
  const head = table.names.map(field);
  const body = lines.map(({ raw }) =>
    raw.map((cell, index) => {
      const isTime = table.columns[index]?.grain !== undefined && typeof cell === "number";
      return field(isTime ? new Date(cell).toISOString() : cell);
    }),
  );
  return [head, ...body].map((line) => `${line.join(",")}\r\n`).join("");
}
