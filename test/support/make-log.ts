/**
 * An access log in the combined format, the same each time: people, crawlers, assets, feeds, errors.
 * @module
 */

const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/132.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:134.0) Gecko/20100101 Firefox/134.0",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Mobile/15E148 Safari/604.1",
  "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
  "-",
];
const TARGETS = [
  "/",
  "/about",
  "/docs/start.html",
  "/docs/a%20b?utm_source=news",
  "/style.css",
  "/logo.png",
  "/feed/",
  "/gone",
  "/v1.0.3",
];

/** `lines` requests over three days of May 2015, not in order. */
export function makeLog(lines: number): string {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % below;
  };
  const text: string[] = [];
  for (let i = 0; i < lines; i++) {
    const target = TARGETS[random(TARGETS.length)];
    const second = Math.floor((i / lines) * 3 * 86_400) + random(600);
    const at = new Date(Date.UTC(2015, 4, 17) + second * 1000).toISOString();
    const time = `${at.slice(8, 10)}/May/2015:${at.slice(11, 19)} +0000`;
    const status = target === "/gone" ? 404 : random(12) === 0 ? 304 : 200;
    const agent = AGENTS[random(AGENTS.length)];
    text.push(
      `203.0.113.${random(120)} - - [${time}] "${random(40) ? "GET" : "POST"} ${target} HTTP/1.1" ${status} ${random(9000)} "https://shop.example/" "${agent}"`,
    );
  }
  text.push("not a line of a log");
  return `${text.join("\n")}\n`;
}
