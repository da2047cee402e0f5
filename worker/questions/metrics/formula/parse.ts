/**
 * Parses formulas: recursive descent, one function for each line of the grammar in the README of metrics. Formulas are
 * never evaluated as code.
 * @module
 */
import { MAX_FORMULA_LENGTH } from "../../../../schema/wire/metric";
import { nearest } from "../../../../schema/wire/nearest";
import {
  type Expression,
  type Fault,
  FUNCTION_NAMES,
  FUNCTIONS,
  type FunctionName,
  faultAt,
  isFault,
  type Operator,
  type Span,
} from "./syntax";
import { type Token, tokensOf } from "./token";

/** Most nested parentheses, calls and signs. */
export const MAX_DEPTH = 50;
/** Most decimals of `round`. */
export const MAX_DIGITS = 10;

/** Parses a formula. */
export function parseFormula(text: string): Expression | Fault {
  if (text.length > MAX_FORMULA_LENGTH) {
    const span = { at: MAX_FORMULA_LENGTH, end: text.length };
    return faultAt(span, "syntax", `A formula has at most ${MAX_FORMULA_LENGTH} characters`);
  }
  const tokens = tokensOf(text);
  return Array.isArray(tokens) ? new Parser(tokens).whole() : tokens;
}

type Parsed = Expression | Fault;

class Parser {
  #next = 0;
  #depth = 0;

  constructor(readonly tokens: readonly Token[]) {}

  whole(): Parsed {
    const found = this.#sum();
    if (isFault(found) || this.#token.kind === "end") return found;
    return this.#expected("an operator (+ - * /) or the end");
  }

  get #token(): Token {
    return this.tokens[this.#next]!;
  }

  /** Consumes the next token if it is this symbol. */
  #takes(symbol: string): boolean {
    const isIt = this.#token.kind === "symbol" && this.#token.text === symbol;
    if (isIt) this.#next++;
    return isIt;
  }

  #sum(): Parsed {
    return this.#chain(["+", "-"], () => this.#product());
  }

  #product(): Parsed {
    return this.#chain(["*", "/"], () => this.#signed());
  }

  /** Left-associative operators of one precedence. */
  #chain(operators: readonly Operator[], operand: () => Parsed): Parsed {
    let left = operand();
    while (!isFault(left)) {
      const operator = operators.find((symbol) => this.#takes(symbol));
      if (!operator) return left;
      const right = operand();
      if (isFault(right)) return right;
      left = { kind: "binary", operator, left, right, at: left.at, end: right.end };
    }
    return left;
  }

  #signed(): Parsed {
    const { at } = this.#token;
    if (!this.#takes("-")) return this.#operand();
    const of = this.#deeper(() => this.#signed());
    return isFault(of) ? of : { kind: "negate", of, at, end: of.end };
  }

  #operand(): Parsed {
    const token = this.#token;
    const { at, end, text } = token;
    if (token.kind === "number") {
      this.#next++;
      return { kind: "number", value: Number(text), at, end };
    }
    if (token.kind === "name") {
      this.#next++;
      return this.#takes("(") ? this.#call(token) : { kind: "name", name: text, at, end };
    }
    if (!this.#takes("(")) return this.#expected("a number, a metric or “(”");
    const inside = this.#deeper(() => this.#sum());
    if (isFault(inside)) return inside;
    const close = this.#token;
    if (!this.#takes(")")) return this.#expected("an operator or “)”");
    return { ...inside, at, end: close.end };
  }

  #call(token: Token): Parsed {
    const name = FUNCTION_NAMES.find((known) => known === token.text.toLowerCase());
    if (!name) {
      const meant = nearest(token.text, FUNCTION_NAMES);
      return faultAt(token, "unknown", `There is no function \`${token.text}\`; did you mean \`${meant}\`?`);
    }
    const found: Expression[] = [];
    do {
      const one = this.#deeper(() => this.#sum());
      if (isFault(one)) return one;
      found.push(one);
    } while (this.#takes(","));
    const close = this.#token;
    if (!this.#takes(")")) return this.#expected("“,”, an operator or “)”");
    const span = { at: token.at, end: close.end };
    const call: Expression = { kind: "call", function: name, arguments: found, ...span };
    return refuseArguments(name, found, span) ?? call;
  }

  #deeper(read: () => Parsed): Parsed {
    if (this.#depth >= MAX_DEPTH)
      return faultAt(this.#token, "syntax", `More than ${MAX_DEPTH} nested parts`);
    this.#depth++;
    const found = read();
    this.#depth--;
    return found;
  }

  #expected(what: string): Fault {
    const token = this.#token;
    const got = token.kind === "end" ? "the formula ends" : `there is ${token.text}`;
    return faultAt(token, "syntax", `Expected ${what}, but ${got} here`);
  }
}

function refuseArguments(name: FunctionName, found: readonly Expression[], span: Span): Fault | null {
  const [fewest, most] = FUNCTIONS[name];
  if (found.length < fewest || found.length > most) {
    const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most}`;
    return faultAt(span, "syntax", `\`${name}\` takes ${wanted} values, not ${found.length}`);
  }
  const digits = name === "round" ? found[1] : undefined;
  if (!digits) return null;
  if (digits.kind === "number" && Number.isInteger(digits.value) && digits.value <= MAX_DIGITS) return null;
  return faultAt(digits, "syntax", `Expected the number of decimals, a whole number from 0 to ${MAX_DIGITS}`);
}
