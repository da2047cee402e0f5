/**
 * Parses CSV (RFC 4180) as written by spreadsheets: commas, semicolons or tabs, quoted cells, an optional byte order mark,
 * any line ending. The first line contains the column names. Pure.
 * @module
 */

/** A file that cannot be parsed; `line` counts from 1. */
export interface CsvProblem {
  line: number;
  message: string;
}

/** Most columns of a file. */
const MAX_COLUMNS = 1000;

/** Rows by column name, or the error. Empty lines are skipped. */
export function parseCsv(text: string): Record<string, string>[] | CsvProblem {
  const body = text.replace(/^\uFEFF/, "");
  const lines = linesOf(body, delimiterOf(body));
  if (!Array.isArray(lines)) return lines;
  const [header, ...rows] = lines.filter(({ cells }) => cells.some((cell) => cell !== ""));
  if (!header) return { line: 1, message: "The file is empty." };
  if (header.cells.length > MAX_COLUMNS)
    return {
      line: 1,
      message: `The file has ${header.cells.length} columns; at most ${MAX_COLUMNS} are read.`,
    };
  const names = header.cells.map((cell) => cell.trim());
  if (names.some((name) => name === "") || new Set(names).size < names.length)
    return { line: 1, message: "Column names must be unique and not empty." };
  const wrong = rows.find(({ cells }) => cells.length > names.length);
  if (wrong)
    return { line: wrong.line, message: `The line has more cells than the ${names.length} columns.` };
  return rows.map(({ cells }) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ""])));
}

/** The most frequent separator in the first line, outside of quotes. */
function delimiterOf(text: string): string {
  const first = (/^[^\r\n]*/.exec(text)?.[0] ?? "").replaceAll(/"[^"]*"/g, "");
  const count = (mark: string) => first.split(mark).length;
  return [",", ";", "\t"].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

interface Line {
  line: number;
  cells: string[];
}

function linesOf(text: string, delimiter: string): Line[] | CsvProblem {
  const lines: Line[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const own: Line = { line, cells: [] };
    for (;;) {
      const cell = text[at] === '"' ? quoted(text, at) : plain(text, at, delimiter);
      if (!cell) return { line: own.line, message: "A quoted cell is not closed." };
      own.cells.push(cell.text);
      line += cell.text.split("\n").length - 1;
      at = cell.end;
      if (text[at] !== delimiter) break;
      at++;
    }
    if (at < text.length && text[at] !== "\r" && text[at] !== "\n")
      return { line: own.line, message: "Unexpected text after a closing quote." };
    at += text.startsWith("\r\n", at) ? 2 : 1;
    line++;
    lines.push(own);
  }
  return lines;
}

function plain(text: string, start: number, delimiter: string): { text: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") end++;
  return { text: text.slice(start, end), end };
}

/** A quoted cell; a doubled quote is an escaped one. Null when it is not closed. */
function quoted(text: string, start: number): { text: string; end: number } | null {
  let at = start + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end === -1) return null;
    if (text[end + 1] !== '"')
      return { text: text.slice(start + 1, end).replaceAll('""', '"'), end: end + 1 };
    at = end + 2;
  }
}
