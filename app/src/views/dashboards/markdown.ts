/**
 * Markdown of people as HTML. CommonMark by micromark, which lets no raw HTML and no `javascript:` through unless told to; HTML
 * and pictures are not even read, so that they stand there as they were typed.
 * @module
 */
import { micromark } from "micromark";

const OFF = ["htmlFlow", "htmlText", "labelStartImage", "codeIndented"];

/** Safe to set as inner HTML. Links open beside the page and tell the other side nothing. */
export function markdown(text: string): string {
  const html = micromark(text, { extensions: [{ disable: { null: OFF } }] });
  return html
    .replaceAll(/<(\/?)h([1-4])>/g, (_, slash: string, level: string) => `<${slash}h${Number(level) + 2}>`)
    .replaceAll("<a href=", '<a target="_blank" rel="noopener noreferrer nofollow" href=');
}
