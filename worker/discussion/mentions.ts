/**
 * Mentions in a comment: `@[Name](user_id)`. The name in the text is what its writer typed; whom it means says the id.
 * @module
 */

const MENTION = /@\[([^\]\n]{1,120})\]\(([^)\s]{1,64})\)/g;

/** Ids of the people whom the text mentions, each once, in order; any text can stand there, also of strangers. */
export function mentionedIn(body: string): string[] {
  return [...new Set([...body.matchAll(MENTION)].map(([, , user]) => user ?? ""))];
}

/** The text with `@Name` for each mention: for where nothing renders it. */
export function withoutIds(body: string): string {
  return body.replace(MENTION, "@$1");
}
