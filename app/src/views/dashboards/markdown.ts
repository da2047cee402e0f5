/**
 * Parses a subset of Markdown to a tree: headings, paragraphs, lists, quotes, code, rules; bold, italic, code and links.
 * Rendered as elements with text, never as HTML, so that nothing needs sanitizing.
 * @module
 */

export type Inline =
  | { kind: "text"; text: string }
  | { kind: "code"; text: string }
  | { kind: "strong" | "em"; parts: Inline[] }
  | { kind: "link"; href: string; parts: Inline[] };

export type Block =
  | { kind: "heading"; level: number; parts: Inline[] }
  | { kind: "paragraph"; parts: Inline[] }
  | { kind: "list"; ordered: boolean; items: Inline[][] }
  | { kind: "quote"; parts: Inline[] }
  | { kind: "code"; text: string }
  | { kind: "rule" };

const FENCE = /^```/;
const RULE = /^ {0,3}(?:-{3,}|\*{3,}|_{3,})\s*$/;
const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const BULLET = /^ {0,3}[-*+]\s+(.*)$/;
const NUMBER = /^ {0,3}\d{1,9}[.)]\s+(.*)$/;
const QUOTE = /^ {0,3}>\s?(.*)$/;

/** Returns the blocks of a text. Never throws; anything that is not markup is text. */
export function blocksOf(text: string): Block[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const blocks: Block[] = [];
  let index = 0;
  /** Takes lines while they match; a continued list item is joined to its first line. */
  const take = (pattern: RegExp): string[] => {
    const found: string[] = [];
    for (; index < lines.length; index++) {
      const match = lines[index]?.match(pattern);
      if (match) found.push(match[1] ?? "");
      else break;
    }
    return found;
  };
  while (index < lines.length) {
    const line = lines[index] ?? "";
    const heading = line.match(HEADING);
    if (!line.trim()) index++;
    else if (FENCE.test(line)) {
      const end = lines.findIndex((later, at) => at > index && FENCE.test(later));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: "code", text: lines.slice(index + 1, last).join("\n") });
      index = last + 1;
    } else if (RULE.test(line)) {
      blocks.push({ kind: "rule" });
      index++;
    } else if (heading) {
      blocks.push({ kind: "heading", level: heading[1]?.length ?? 1, parts: inlinesOf(heading[2] ?? "") });
      index++;
    } else if (BULLET.test(line)) {
      blocks.push({ kind: "list", ordered: false, items: take(BULLET).map((item) => inlinesOf(item)) });
    } else if (NUMBER.test(line)) {
      blocks.push({ kind: "list", ordered: true, items: take(NUMBER).map((item) => inlinesOf(item)) });
    } else if (QUOTE.test(line)) {
      blocks.push({ kind: "quote", parts: inlinesOf(take(QUOTE).join("\n")) });
    } else {
      const first = index++;
      while (index < lines.length && isPlain(lines[index] ?? "")) index++;
      blocks.push({ kind: "paragraph", parts: inlinesOf(lines.slice(first, index).join("\n")) });
    }
  }
  return blocks;
}

const isPlain = (line: string) =>
  line.trim() !== "" && ![FENCE, RULE, HEADING, BULLET, NUMBER, QUOTE].some((pattern) => pattern.test(line));

/** Maximum nesting of marks; deeper ones are text. */
const DEEPEST = 6;
/** Each alternative ends at its own mark, so that matching takes linear time. */
const MARK = /`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|_([^_\n]+)_|\[([^[\]\n]+)\]\(([^()\s]+)\)/;

/** Parses the marks inside a block. */
export function inlinesOf(text: string, depth = 0): Inline[] {
  const found: Inline[] = [];
  let rest = text;
  for (;;) {
    const match = depth < DEEPEST ? rest.match(MARK) : null;
    if (!match) break;
    const at = match.index ?? 0;
    const [all, code, strong, em, low, words, href] = match;
    if (at > 0) found.push({ kind: "text", text: rest.slice(0, at) });
    found.push(marked({ all, code, strong, em: em ?? low, words, href }, rest[at - 1], depth));
    rest = rest.slice(at + all.length);
  }
  if (rest) found.push({ kind: "text", text: rest });
  return found;
}

interface Marked {
  all: string;
  code?: string;
  strong?: string;
  em?: string;
  words?: string;
  href?: string;
}

function marked(
  { all, code, strong, em, words, href }: Marked,
  before: string | undefined,
  depth: number,
): Inline {
  if (code !== undefined) return { kind: "code", text: code };
  if (strong !== undefined) return { kind: "strong", parts: inlinesOf(strong, depth + 1) };
  // The underscore of snake_case is not a mark.
  if (em !== undefined && !(all.startsWith("_") && before !== undefined && /\w/.test(before)))
    return { kind: "em", parts: inlinesOf(em, depth + 1) };
  if (words !== undefined && isSafe(href ?? ""))
    return { kind: "link", href: href ?? "", parts: inlinesOf(words, depth + 1) };
  return { kind: "text", text: all };
}

/** Allows http, https and mailto only; no scripts, data URLs or paths of this site. */
export function isSafe(href: string): boolean {
  return /^(https?:\/\/|mailto:)[^\s"'<>\\]+$/i.test(href);
}
