/**
 * Writing a formula: the name under the caret, what fits it, and where an error stands. The grammar itself is the server's.
 * @module
 */

/** A name that a formula can use. */
export interface Name {
  name: string;
  label: string;
  about: string;
}

/** A stretch of the text, half-open. */
export interface Stretch {
  from: number;
  to: number;
}

const NAME_PART = /[A-Za-z0-9_.]/;

/** The name that ends at the caret or around it; its `from` equals `to` when the caret touches none. */
export function wordAt(text: string, caret: number): Stretch {
  let from = caret;
  while (from > 0 && NAME_PART.test(text[from - 1] ?? "")) from--;
  let to = caret;
  while (to < text.length && NAME_PART.test(text[to] ?? "")) to++;
  return /^\d/.test(text.slice(from, to)) ? { from: caret, to: caret } : { from, to };
}

/** Names that fit what has been written of one, best first; none for a name that is complete. */
export function fittingNames(names: readonly Name[], written: string, most = 8): Name[] {
  const needle = written.toLowerCase();
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

/** The text with a name written over a stretch, and where the caret goes. */
export function written(text: string, { from, to }: Stretch, name: string): { text: string; caret: number } {
  return { text: text.slice(0, from) + name + text.slice(to), caret: from + name.length };
}

/** A piece of the text; `wrong` is the index of the error that it belongs to. */
export interface Piece {
  text: string;
  wrong?: number;
}

/** The text cut at its errors. An error at a point takes the character there, or a space behind the text. */
export function piecesOf(text: string, errors: readonly Stretch[]): Piece[] {
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
