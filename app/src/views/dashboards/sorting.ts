/**
 * Sorts tables and exports them as CSV.
 * @module
 */
import { OTHER } from "../explore/cards";
import type { Line, Table } from "./shape";

export interface Order {
  /** Index of the column. */
  column: number;
  down: boolean;
}

/** Sorts lines; missing values, and then the rare values in `(other)`, come last in both directions, ties keep their order. */
export function sorted(lines: readonly Line[], order: Order | undefined, locale: string): Line[] {
  if (!order) return [...lines];
  const sign = order.down ? -1 : 1;
  const isOther = ({ raw }: Line) => raw.includes(OTHER);
  return [...lines].sort((a, b) => {
    if (isOther(a) !== isOther(b)) return isOther(a) ? 1 : -1;
    const [left, right] = [a.cells[order.column] ?? null, b.cells[order.column] ?? null];
    if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
    if (typeof left === "number" && typeof right === "number") return sign * (left - right);
    return sign * String(left).localeCompare(String(right), locale, { numeric: true });
  });
}

/** Returns the order after a press on a column header: numbers start descending, text ascending. */
export function nextOrder(order: Order | undefined, column: number, isNumber: boolean): Order | undefined {
  if (order?.column !== column) return { column, down: isNumber };
  return order.down === isNumber ? { column, down: !isNumber } : undefined;
}

/** Escapes a leading sign, which a spreadsheet would run as a formula. */
const DANGEROUS = /^[=+\-@\t\r]/;

function field(cell: string | number | null): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = DANGEROUS.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Returns the table as CSV (RFC 4180): API names, times as ISO 8601. */
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
