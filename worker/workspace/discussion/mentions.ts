/**
 * Mentions in a comment: `@[Name](user_id)`. The name is as typed by the author; the id identifies the person.
 * @module
 */

/** A mention or a URL; text in a URL is not a mention. Pages parse comments by the same rule. */
const PIECE = /@\[([^\]\n]{1,120})\]\(([^)\s]{1,64})\)|https?:\/\/[^\s<>"]+[^\s<>".,;:!?)]/g;

/** Ids of the mentioned people, each once, in order; they may be invalid or outside the organization. */
export function mentionedIn(body: string): string[] {
  return [...new Set([...body.matchAll(PIECE)].flatMap(([, , user]) => user ?? []))];
}

/** The text with `@Name` for each mention, for plain text. */
export function withoutIds(body: string): string {
  return body.replace(PIECE, (whole, name?: string) => (name === undefined ? whole : `@${name}`));
}
