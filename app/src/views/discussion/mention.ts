/**
 * Mentions in a comment's text: `@[Name](user_id)` as it is stored, `@Name` as people read and type it.
 * @module
 */

/** Somebody who can be mentioned. */
export interface Person {
  user_id: string;
  name: string;
}

/** A comment's text in pieces. */
export type Part = { text: string } | { mention: Person } | { link: string };

const PIECE = /@\[([^\]\n]{1,120})\]\(([^)\s]{1,64})\)|(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/g;

/** Text, mentions and web addresses in their order. Nothing of it is markup of ours, so nothing can become one. */
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

/** The body as people type it: `@Name`. */
export function typed(body: string): string {
  return partsOf(body)
    .map((part) => ("mention" in part ? `@${part.mention.name}` : "link" in part ? part.link : part.text))
    .join("");
}

/** The typed text as it is stored: the names of `people` become mentions, the longest first. */
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

/** A mention that is being typed. */
export interface Typing {
  /** Index of the `@`. */
  from: number;
  /** What stands between it and the caret. */
  query: string;
}

/** Longer than any name: the `@` is something else. */
const LONGEST_QUERY = 40;

/** The mention that the caret stands in; undefined when it stands in none. */
export function typingAt(text: string, caret: number): Typing | undefined {
  const from = text.slice(0, caret).lastIndexOf("@");
  if (from < 0 || /\w/.test(text[from - 1] ?? "")) return undefined;
  const query = text.slice(from + 1, caret);
  return query.length <= LONGEST_QUERY && !/[\n@]|\s\s|^\s/.test(query) ? { from, query } : undefined;
}

/** People whose name has a word that begins with the query, best first. */
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

/** The text with the mention written out, and where the caret goes. */
export function completed(
  text: string,
  caret: number,
  { from }: Typing,
  name: string,
): { text: string; caret: number } {
  const head = `${text.slice(0, from)}@${name} `;
  return { text: head + text.slice(caret).replace(/^ /, ""), caret: head.length };
}
