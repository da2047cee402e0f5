/**
 * Mentions in a comment: `@[Name](user_id)`. The name is as the author typed it; the id identifies the person.
 * @module
 */

/** A mention or a web address, in which nobody is mentioned; pages read comments by the same rule. */
const PIECE = /@\[([^\]\n]{1,120})\]\(([^)\s]{1,64})\)|https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

/** Ids of the people whom the text mentions, each once, in order; any text can stand there, also of people outside the organization. */
export function mentionedIn(body: string): string[] {
  return [...new Set([...body.matchAll(PIECE)].flatMap(([, , user]) => user ?? []))];
}

/** The text with `@Name` for each mention: for where nothing renders it. */
export function withoutIds(body: string): string {
  return body.replace(PIECE, (whole, name?: string) => (name === undefined ? whole : `@${name}`));
}
