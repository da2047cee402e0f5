/**
 * A formula's text as tokens.
 * @module
 */
import { type Fault, faultAt, type Span } from "./syntax";

export type Token = Span & { kind: "number" | "name" | "symbol" | "end"; text: string };

/** Token patterns, tried in order: spaces, a number, a name (of a dataset's metric or a defined one), an operator. */
const SPACES = /\s+/y;
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?/y;
const SYMBOL = /[-+*/(),]/y;

/** Characters that resemble operators, and the operator to use. */
const SIMILAR: Readonly<Record<string, string>> = {
  "×": "*",
  "·": "*",
  "÷": "/",
  ":": "/ (write names without “metric:”)",
  "−": "-",
  "–": "-",
  "%": "/ 100",
  "^": "*",
  ";": ",",
};

/** All tokens, with `end` last. */
export function tokensOf(text: string): Token[] | Fault {
  const tokens: Token[] = [];
  let at = matchedAt(SPACES, text, 0);
  while (at < text.length) {
    const token = tokenAt(text, at);
    if (!token) return refuseCharacter(text, at);
    if (token.kind === "number" && !Number.isFinite(Number(token.text)))
      return faultAt(token, "syntax", `${token.text} is too large a number`);
    tokens.push(token);
    at = matchedAt(SPACES, text, token.end);
  }
  tokens.push({ kind: "end", text: "", at: text.length, end: text.length });
  return tokens;
}

function tokenAt(text: string, at: number): Token | null {
  for (const [kind, pattern] of [
    ["number", NUMBER],
    ["name", NAME],
    ["symbol", SYMBOL],
  ] as const) {
    const end = matchedAt(pattern, text, at);
    if (end > at) return { kind, text: text.slice(at, end), at, end };
  }
  return null;
}

/** End of a match that starts at `at`; `at` without one. */
function matchedAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function refuseCharacter(text: string, at: number): Fault {
  const character = String.fromCodePoint(text.codePointAt(at)!);
  const meant = Object.hasOwn(SIMILAR, character) ? `; did you mean ${SIMILAR[character]}?` : "";
  const span = { at, end: at + character.length };
  return faultAt(span, "syntax", `${JSON.stringify(character)} is not allowed in a formula${meant}`);
}
