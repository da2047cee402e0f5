import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLine } from "../../demo/cli/import/access-log.ts";
import { guessSite } from "../../demo/cli/import/log.ts";
import { skipReason } from "../../demo/cli/import/rule.ts";

const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36";
const line = (request: string, status = 200, agent = CHROME, referrer = "-") =>
  `203.0.113.7 - - [17/May/2015:10:05:03 +0000] "${request}" ${status} 1024 "${referrer}" "${agent}"`;

describe("a line of an access log", () => {
  it("is read in the combined format", () => {
    expect(parseLine(line("GET /a?b=c HTTP/1.1", 304, CHROME, "https://example.com/"))).toEqual({
      address: "203.0.113.7",
      timestamp: Date.UTC(2015, 4, 17, 10, 5, 3),
      method: "GET",
      target: "/a?b=c",
      status: 304,
      referrer: "https://example.com/",
      user_agent: CHROME,
    });
  });

  it("is read in the common format, and with more fields after it", () => {
    const common = '2001:db8::1 - frank [10/Oct/2000:13:55:36 -0730] "GET /a.gif HTTP/1.0" 200 -';
    expect(parseLine(common)).toMatchObject({
      address: "2001:db8::1",
      timestamp: Date.UTC(2000, 9, 10, 21, 25, 36),
      referrer: null,
      user_agent: null,
    });
    expect(parseLine(`${line("GET / HTTP/2.0")} "gzip" 0.004`)?.user_agent).toBe(CHROME);
  });

  it("may contain quotes, backslashes and bytes in escapes, and a user with spaces", () => {
    const escaped = String.raw`10.0.0.1 - J. Doe [01/Jan/2020:00:00:00 +0530] "GET /\xe4\"x HTTP/1.1" 200 5 "-" "He said \"\\o/\""`;
    expect(parseLine(escaped)).toMatchObject({
      timestamp: Date.UTC(2019, 11, 31, 18, 30),
      target: '/ä"x',
      user_agent: 'He said "\\o/"',
    });
  });

  it("may come through a proxy, or from a client older than HTTP/1.0", () => {
    expect(parseLine(line("GET http://example.com/a?b HTTP/1.1"))?.target).toBe("/a?b");
    expect(parseLine(line("GET /old"))?.target).toBe("/old");
  });

  it("is null when it is truncated, empty or not HTTP", () => {
    const whole = line("GET / HTTP/1.1");
    for (const bad of [
      "",
      "hello",
      whole.slice(0, 60),
      line("-"),
      line(String.raw`\x16\x03\x01`),
      line("GET  HTTP/1.1"),
      whole.replace("May", "Mai"),
    ]) {
      expect(parseLine(bad), bad).toBeNull();
    }
  });

  it("never throws, whatever it is", () => {
    const pieces = fc.constantFrom(
      '"',
      "\\",
      "[",
      "]",
      " ",
      "-",
      "GET /",
      "200",
      "\\x",
      "1.2.3.4",
      "é",
      "17/May/2015:10:05:03 +0000",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
        skipReason(parseLine(parts.join("")));
      }),
    );
  });
});

describe("the rule", () => {
  const reason = (request: string, status?: number, agent?: string) =>
    skipReason(parseLine(line(request, status, agent)));

  it("accepts pages", () => {
    for (const target of [
      "/",
      "/a/",
      "/a",
      "/a.html",
      "/A.HTM",
      "/x.php?id=1",
      "/v/logstash-1.0.3",
      "/a.b/c",
      "/feeds",
    ]) {
      expect(reason(`GET ${target} HTTP/1.1`), target).toBeNull();
    }
    expect(reason("GET / HTTP/1.1", 304)).toBeNull();
    expect(reason("GET /a?file=style.css HTTP/1.1")).toBeNull();
  });

  it("skips by the first reason that applies", () => {
    expect(skipReason(null)).toBe("malformed");
    expect(reason("POST /a.css HTTP/1.1", 500)).toBe("method");
    expect(reason("HEAD / HTTP/1.1")).toBe("method");
    expect(reason("GET /a.css HTTP/1.1", 404)).toBe("error");
    expect(reason("GET /a.css HTTP/1.1", 206)).toBe("status");
    expect(reason("GET / HTTP/1.1", 301)).toBe("status");
    for (const target of [
      "/a.css",
      "/a.min.js?v=3",
      "/robots.txt",
      "/favicon.ico",
      "/f.woff2",
      "/m.mp4",
      "/f.7z",
      "/a.pdf#x",
    ]) {
      expect(reason(`GET ${target} HTTP/1.1`, 200, "Googlebot"), target).toBe("asset");
    }
    for (const target of ["/feed", "/blog/rss/", "/atom", "/?flav=rss20", "/tags/x?a=1&feed=atom"]) {
      expect(reason(`GET ${target} HTTP/1.1`), target).toBe("feed");
    }
    expect(reason("GET / HTTP/1.1", 200, "Mozilla/5.0 (compatible; Googlebot/2.1)")).toBe("bot");
    expect(reason("GET / HTTP/1.1", 200, "curl/8.5.0")).toBe("bot");
    expect(reason("GET / HTTP/1.1", 200, "-")).toBe("bot");
  });
});

describe("the site of an access log", () => {
  async function siteOf(...lines: string[]) {
    const folder = mkdtempSync(path.join(tmpdir(), "selvedge-log-"));
    const file = path.join(folder, "access.log");
    writeFileSync(file, lines.join("\n"));
    const site = await guessSite(file);
    rmSync(folder, { recursive: true });
    return site;
  }
  const from = (target: string, referrer: string) => line(`GET ${target} HTTP/1.1`, 200, CHROME, referrer);

  it("is the origin whose pages ask for assets and link to each other, not the search engine's", async () => {
    const searches = Array(5).fill(from("/", "https://www.google.com/"));
    expect(
      await siteOf(
        ...searches,
        from("/a.css", "https://shop.example/"),
        from("/about", "https://www.google.com/search?q=shop"),
      ),
    ).toBe("https://shop.example");
    expect(await siteOf(...searches, from("/about", "-"), from("/b", "https://shop.example/about"))).toBe(
      "https://shop.example",
    );
  });

  it("is not guessed from other sites' links alone", async () => {
    expect(
      await siteOf(from("/", "https://www.google.com/"), from("/a", "https://news.example/item")),
    ).toBeNull();
  });
});
