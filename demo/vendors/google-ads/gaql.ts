/**
 * The part of the Google Ads Query Language that the stand-in supports: SELECT, FROM, WHERE, ORDER BY, LIMIT,
 * PARAMETERS. After the vendor's pages "Query grammar" and "Query structure and clauses".
 * @module
 */

/** One condition of WHERE; conditions can only be joined by AND ("Query grammar": there is no OR). */
export interface Condition {
  field: string;
  operator: string;
  values: string[];
}

export interface GaqlQuery {
  select: string[];
  from: string;
  where: Condition[];
  orderBy: { field: string; isDescending: boolean }[];
  limit?: number;
}

/** Why a query was refused: a value of the vendor's `QueryErrorEnum`. */
export interface QueryRefusal {
  queryError: string;
  message: string;
}

const TOKEN = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|>=|<=|!=|[=<>(),]|[\w.:%*-]+/g;
const OPERATORS = ["=", "!=", ">", ">=", "<", "<=", "BETWEEN", "DURING", "IN", "LIKE"];

class Syntax extends Error {}

class Cursor {
  #at = 0;
  readonly tokens: string[];

  constructor(tokens: string[]) {
    this.tokens = tokens;
  }

  isAt(word: string): boolean {
    return this.tokens[this.#at]?.toUpperCase() === word;
  }

  take(): string {
    const token = this.tokens[this.#at++];
    if (token === undefined) throw new Syntax("unexpected end of query.");
    return token;
  }

  skip(word: string): boolean {
    if (!this.isAt(word)) return false;
    this.#at++;
    return true;
  }

  expect(word: string): void {
    if (!this.skip(word)) throw new Syntax(`unexpected input ${this.tokens[this.#at] ?? "end of query"}.`);
  }

  list<T>(item: () => T, more = ","): T[] {
    const items = [item()];
    while (this.skip(more)) items.push(item());
    return items;
  }

  get isDone(): boolean {
    return this.#at >= this.tokens.length;
  }
}

function value(cursor: Cursor): string {
  const token = cursor.take();
  return /^['"]/.test(token) ? token.slice(1, -1).replaceAll(/\\(.)/g, "$1") : token;
}

function condition(cursor: Cursor): Condition {
  const field = cursor.take();
  const isNot = cursor.skip("NOT");
  const operator = cursor.take().toUpperCase();
  if (!OPERATORS.includes(operator)) throw new Syntax(`unexpected input ${operator}.`);
  const named = isNot ? `NOT ${operator}` : operator;
  if (operator === "BETWEEN") {
    const from = value(cursor);
    cursor.expect("AND");
    return { field, operator: named, values: [from, value(cursor)] };
  }
  if (operator === "IN") {
    cursor.expect("(");
    const values = cursor.list(() => value(cursor));
    cursor.expect(")");
    return { field, operator: named, values };
  }
  return { field, operator: named, values: [value(cursor)] };
}

function query(cursor: Cursor): GaqlQuery {
  cursor.expect("SELECT");
  const select = cursor.list(() => cursor.take());
  cursor.expect("FROM");
  const parsed: GaqlQuery = { select, from: cursor.take(), where: [], orderBy: [] };
  if (cursor.skip("WHERE")) parsed.where = cursor.list(() => condition(cursor), "AND");
  if (cursor.skip("ORDER")) {
    cursor.expect("BY");
    parsed.orderBy = cursor.list(() => {
      const field = cursor.take();
      const isDescending = cursor.skip("DESC");
      if (!isDescending) cursor.skip("ASC");
      return { field, isDescending };
    });
  }
  if (cursor.skip("LIMIT")) parsed.limit = Number(cursor.take());
  if (cursor.skip("PARAMETERS")) cursor.list(() => [cursor.take(), cursor.expect("="), cursor.take()]);
  if (!cursor.isDone) throw new Syntax(`unexpected input ${cursor.take()}.`);
  return parsed;
}

/** Parses a query; a refusal has the message of the vendor ("Query errors"). */
export function parseGaql(text: string): GaqlQuery | QueryRefusal {
  try {
    return query(new Cursor(text.match(TOKEN) ?? []));
  } catch (error) {
    if (error instanceof Syntax)
      return { queryError: "UNEXPECTED_INPUT", message: `Error in query: ${error.message}` };
    throw error;
  }
}

const DURING_DAYS: Record<string, [first: number, last: number]> = {
  TODAY: [0, 0],
  YESTERDAY: [-1, -1],
  LAST_7_DAYS: [-7, -1],
  LAST_14_DAYS: [-14, -1],
  LAST_30_DAYS: [-30, -1],
};

const dayFrom = (today: string, days: number) =>
  new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);

/** The first and last day (inclusive) allowed by conditions on `segments.date`; undefined where one end is open. */
export function dateRange(where: Condition[], today: string): [string, string] | undefined {
  let [from, to] = ["", "9"];
  const narrow = (first: string, last: string) => {
    if (first > from) from = first;
    if (last < to) to = last;
  };
  for (const { field, operator, values } of where) {
    if (field !== "segments.date") continue;
    const [first = "", second = ""] = values;
    const during = DURING_DAYS[first.toUpperCase()];
    if (operator === "BETWEEN") narrow(first, second);
    else if (operator === "=") narrow(first, first);
    else if (operator === ">=") narrow(first, "9");
    else if (operator === "<=") narrow("", first);
    else if (operator === ">") narrow(dayFrom(first, 1), "9");
    else if (operator === "<") narrow("", dayFrom(first, -1));
    else if (operator === "DURING" && during) narrow(dayFrom(today, during[0]), dayFrom(today, during[1]));
  }
  return from === "" || to === "9" ? undefined : [from, to];
}
