/**
 * Editing a formula: the name at the caret, completions and error positions. The server parses formulas.
 * @module
 */

/** A name that a formula can use. */
export interface Name {
  name: string;
  label: string;
  about: string;
}

/** A range of the text, half-open. */
export interface TextRange {
  from: number;
  to: number;
}

const NAME_PART = /[A-Za-z0-9_.]/;

/** Returns the range of the name at the caret; empty (`from` equals `to`) when there is none. */
export function wordAt(text: string, caret: number): TextRange {
  let from = caret;
  while (from > 0 && NAME_PART.test(text[from - 1] ?? "")) from--;
  let to = caret;
  while (to < text.length && NAME_PART.test(text[to] ?? "")) to++;
  return /^\d/.test(text.slice(from, to)) ? { from: caret, to: caret } : { from, to };
}

/** Returns completions of a partial name, best first; empty for a complete name. */
export function completions(names: readonly Name[], partial: string, most = 8): Name[] {
  const needle = partial.toLowerCase();
  const rank = ({ name, label }: Name): number => {
    if (name.startsWith(needle)) return 0;
    if (name.slice(name.indexOf(".") + 1).startsWith(needle)) return 1;
    if (label.toLowerCase().startsWith(needle)) return 2;
    return name.includes(needle) || label.toLowerCase().includes(needle) ? 3 : 4;
  };
  if (names.some(({ name }) => name === needle)) return [];
  return names
    .map((name) => ({ name, rank: rank(name) }))
    .filter((ranked) => ranked.rank < 4)
    .sort((a, b) => a.rank - b.rank || a.name.name.localeCompare(b.name.name))
    .slice(0, most)
    .map(({ name }) => name);
}

/** Replaces a range with a name; returns the text and the new caret position. */
export function replaceRange(
  text: string,
  { from, to }: TextRange,
  name: string,
): { text: string; caret: number } {
  return { text: text.slice(0, from) + name + text.slice(to), caret: from + name.length };
}

/** A piece of the text; `wrong` is the index of its error. */
export interface Piece {
  text: string;
  wrong?: number;
}

/** Splits the text at its errors. An empty range marks the character there, or a space after the text. */
export function piecesOf(text: string, errors: readonly TextRange[]): Piece[] {
  const ordered = errors
    .map((error, index) => ({
      from: clamp(error.from, text),
      to: clamp(Math.max(error.to, error.from + 1), text, 1),
      index,
    }))
    .sort((a, b) => a.from - b.from);
  const padded = `${text} `;
  const pieces: Piece[] = [];
  let at = 0;
  for (const { from, to, index } of ordered) {
    if (from < at) continue;
    if (from > at) pieces.push({ text: padded.slice(at, from) });
    pieces.push({ text: padded.slice(from, to), wrong: index });
    at = to;
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function clamp(at: number, text: string, beyond = 0): number {
  return Math.max(0, Math.min(text.length + beyond, at));
}
