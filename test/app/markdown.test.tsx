/** Markdown of text widgets: valid markup becomes elements, everything else stays text. */
import fc from "fast-check";
import { renderToString } from "solid-js/web";
import { describe, expect, it } from "vitest";
import { Markdown } from "../../app/src/views/dashboards/kinds/text";
import { blocksOf, inlinesOf, isSafe } from "../../app/src/views/dashboards/markdown";

const html = (text: string) =>
  renderToString(() => <Markdown text={text} />)
    .replaceAll(/<!--.*?-->/g, "")
    .replaceAll(/ data-hk="[^"]*"/g, "")
    .replaceAll(/ (?=>)/g, "");

describe("valid markup", () => {
  it("blocks", () => {
    expect(
      blocksOf("# Sale\n\n1. one\n2. two\n\n> said\n\n---\n```\na < b\n```").map(({ kind }) => kind),
    ).toEqual(["heading", "list", "quote", "rule", "code"]);
    expect(html("- **bold**\n- *slanted* and `code`")).toContain(
      "<ul><li><strong>bold</strong></li><li><em>slanted</em> and <code>code</code></li></ul>",
    );
  });

  it("links open in a new tab without a referrer", () => {
    expect(html("[docs](https://example.com/a?b=1&c=2)")).toContain(
      '<a href="https://example.com/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">docs</a>',
    );
  });

  it("underscores in names are no markup", () => {
    expect(inlinesOf("sign_up_rate")).toEqual([
      { kind: "text", text: "sign" },
      { kind: "text", text: "_up_" },
      { kind: "text", text: "rate" },
    ]);
  });
});

const HOSTILE = [
  "<script>alert(1)</script>",
  '<img src=x onerror="alert(1)">',
  "[x](javascript:alert(1))",
  "[x](JaVaScRiPt:alert(1))",
  "[x](&#106;avascript:alert(1))",
  "[x](data:text/html;base64,PHNjcmlwdD4=)",
  "[x](vbscript:msgbox)",
  "[x](//evil.example)",
  "[x](/api/v1/auth/logout)",
  '[x](https://e.example/"onmouseover="alert(1))',
  "![x](https://evil.example/pixel.gif)",
  "<a href='javascript:alert(1)'>x</a>",
  "`<b>`",
  "**<svg/onload=alert(1)>**",
  "[<img src=x onerror=alert(1)>](https://example.com)",
];
const ALLOWED = /^<\/?(div|p|h3|h4|ul|ol|li|blockquote|pre|hr|code|strong|em|a)\b/;

function expectHarmless(text: string): void {
  const drawn = html(text);
  for (const tag of drawn.match(/<[^>]*>/g) ?? []) {
    expect(tag).toMatch(ALLOWED);
    expect(tag).not.toMatch(/\son\w+\s*=\s*(?!["'])/i);
    const href = tag.match(/href="([^"]*)"/)?.[1];
    if (href !== undefined) expect(href).toMatch(/^(https?:\/\/|mailto:)/i);
  }
}

describe("hostile texts", () => {
  it.each(HOSTILE)("%s does nothing", (text) => expectHarmless(text));

  it("create no elements or URLs that are not allowed", () => {
    const piece = fc.constantFrom(
      ...HOSTILE,
      "*",
      "_",
      "`",
      "[",
      "](",
      ")",
      "<",
      ">",
      '"',
      "\n",
      "- ",
      "# ",
      "a",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 20 }), (pieces) =>
        expectHarmless(pieces.join("")),
      ),
      { numRuns: 300 },
    );
  });

  it("URLs are http, https or mailto", () => {
    expect(["https://a.example/x", "http://a.example", "mailto:a@b.example"].every(isSafe)).toBe(true);
    expect(["javascript:1", "ftp://a", "https://", "https://a b", "#x", ""].some(isSafe)).toBe(false);
  });

  it("are parsed in linear time", () => {
    const long = "[".repeat(5000) + "*a_`".repeat(4000);
    expect(blocksOf(long)).toHaveLength(1);
  });
});
