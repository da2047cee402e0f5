/**
 * Mentions in comments: `@[Name](user_id)` when stored, `@Name` when displayed and edited.
 * @module
 */

/** A person who can be mentioned. */
export interface Person {
  user_id: string;
  name: string;
}

/** A part of a comment's text. */
export type Part = { text: string } | { mention: Person } | { link: string };

const PIECE = /@\[([^\]\n]{1,120})\]\(([^)\s]{1,64})\)|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/g;

/** Splits a body into text, mentions and links. Nothing is interpreted as markup. */
export function partsOf(body: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of body.matchAll(PIECE)) {
    const [whole, name, user, link] = match;
    if (match.index > from) parts.push({ text: body.slice(from, match.index) });
    if (link) parts.push({ link });
    else if (name && user) parts.push({ mention: { name, user_id: user } });
    from = match.index + whole.length;
  }
  if (from < body.length) parts.push({ text: body.slice(from) });
  return parts;
}

/** Converts a stored body to its edited form: `@Name`. */
export function typed(body: string): string {
  return partsOf(body)
    .map((part) => ("mention" in part ? `@${part.mention.name}` : "link" in part ? part.link : part.text))
    .join("");
}

/** Converts edited text to its stored form: names of `people` become mentions, longest first. */
export function stored(text: string, people: readonly Person[]): string {
  const byLength = [...people].sort((a, b) => b.name.length - a.name.length);
  let body = "";
  let at = 0;
  while (at < text.length) {
    const isStart = text[at] === "@" && !/\w/.test(text[at - 1] ?? "");
    const person = isStart && byLength.find(({ name }) => isNamed(text, at + 1, name));
    if (person) {
      body += `@[${person.name.replace(/[\]\n]/g, "")}](${person.user_id})`;
      at += 1 + person.name.length;
    } else body += text[at++];
  }
  return body;
}

function isNamed(text: string, at: number, name: string): boolean {
  return (
    name !== "" &&
    text.slice(at, at + name.length).toLowerCase() === name.toLowerCase() &&
    !/[\p{L}\p{N}_]/u.test(text[at + name.length] ?? "")
  );
}

/** A mention being typed. */
export interface Typing {
  /** Index of the `@`. */
  from: number;
  /** Text between it and the caret. */
  query: string;
}

/** Maximum length of a query; longer text is not a mention. */
const LONGEST_QUERY = 40;

/** Returns the mention at the caret; undefined when there is none. */
export function typingAt(text: string, caret: number): Typing | undefined {
  const from = text.slice(0, caret).lastIndexOf("@");
  if (from < 0 || /\w/.test(text[from - 1] ?? "")) return undefined;
  const query = text.slice(from + 1, caret);
  return query.length <= LONGEST_QUERY && !/[\n@]|\s\s|^\s/.test(query) ? { from, query } : undefined;
}

/** Returns people with a word of their name starting with the query, best first. */
export function fitting(people: readonly Person[], query: string, most = 6): Person[] {
  const needle = query.toLowerCase();
  const rank = ({ name }: Person) => {
    const lower = name.toLowerCase();
    return lower.startsWith(needle) ? 0 : lower.split(/\s+/).some((word) => word.startsWith(needle)) ? 1 : 2;
  };
  return people
    .filter((person) => rank(person) < 2)
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
    .slice(0, most);
}

/** Completes the mention; returns the text and the new caret position. */
export function completed(
  text: string,
  caret: number,
  { from }: Typing,
  name: string,
): { text: string; caret: number } {
  const head = `${text.slice(0, from)}@${name} `;
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length };
}
