/**
 * Bounds of JSON text, checked before any parser sees it: parsers and validators recurse, and cost more than linearly.
 * @module
 */
import { type Outcome, refuse } from "./refusal";

/** Levels of objects and lists: more than any request of the API has, and far below what a stack can hold. */
export const MAX_JSON_DEPTH = 64;
/** Values of all objects and lists together. */
export const MAX_JSON_VALUES = 100_000;

/** Returns the text when its nesting and number of values are within bounds. One pass; the text may be malformed. */
export function guardJson(text: string): Outcome<string> {
  let depth = 0;
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at);
    else if (char === OPEN_OBJECT || char === OPEN_LIST) {
      if (++depth > MAX_JSON_DEPTH)
        return refused(`The JSON is nested more than ${MAX_JSON_DEPTH} levels deep`);
    } else if (char === CLOSE_OBJECT || char === CLOSE_LIST) depth--;
    else if (char === COMMA && ++values > MAX_JSON_VALUES)
      return refused(`The JSON has more than ${MAX_JSON_VALUES} values`);
  }
  return { ok: true, value: text };
}

const [QUOTE, BACKSLASH, COMMA] = [34, 92, 44];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [123, 125, 91, 93];

/** Position of the quote that ends the string which begins at `start`; the text's length when none does. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    at = text.indexOf('"', at);
    if (at < 0) return text.length;
    let escapes = at;
    while (text.charCodeAt(escapes - 1) === BACKSLASH) escapes--;
    if ((at - escapes) % 2 === 0) return at;
  }
}

function refused(detail: string): Outcome<string> {
  return { ok: false, refusal: refuse("json_too_complex", detail) };
}
