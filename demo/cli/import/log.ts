/**
 * An access log as page views.
 * @module
 */
import { type LogLine, parseLine, requestTextOf } from "./access-log.ts";
import { linesOf, type OpenFile, openFile } from "./file.ts";
import { Identity } from "./identity.ts";
import type { ImportRow, Reading } from "./row.ts";
import { MAX_USER_AGENT, skipReason } from "./rule.ts";

/** Lines read to guess the site. */
const GUESS_LINES = 20_000;
const MAX_URL = 4096;

/**
 * The origin of the site, guessed from referrers: pages of the site request its assets and link to its other pages, so
 * only referrers whose path was requested in this log count, and `/` only when it requested an asset. This excludes
 * search engines and other sites that link here. Null without any origin.
 */
export async function guessSite(file: string): Promise<string | null> {
  const referrers = new Map<string, number>();
  const requested = new Set<string>();
  const { stream } = openFile(file);
  let lines = 0;
  for await (const text of linesOf(stream)) {
    const line = parseLine(text);
    const referrer = URL.parse(line?.referrer ?? "");
    if (line) requested.add(pathOf(line.target));
    if (line && referrer?.protocol.startsWith("http")) {
      const key = `${referrer.origin} ${referrer.pathname} ${skipReason(line) === "asset"}`;
      referrers.set(key, (referrers.get(key) ?? 0) + 1);
    }
    if (++lines === GUESS_LINES) break;
  }
  stream.destroy();
  const origins = new Map<string, number>();
  for (const [key, count] of referrers) {
    const [origin = "", path = "", isAsset] = key.split(" ");
    if (requested.has(path) && (isAsset === "true" || path !== "/"))
      origins.set(origin, (origins.get(origin) ?? 0) + count);
  }
  const [most] = [...origins].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? null;
}

const pathOf = (target: string) => target.split(/[?#]/, 1)[0] ?? "";

/** Reads a log; `site` is the origin that is prepended to paths. */
export async function* readLog(open: OpenFile, site: string, reading: Reading): AsyncIterable<ImportRow> {
  const identity = new Identity();
  for await (const text of linesOf(open.stream)) {
    reading.lines++;
    if (text === "") continue;
    const line = parseLine(text);
    const reason = skipReason(line);
    if (line && !reason) {
      const id = identity.of(requestTextOf(text), line.timestamp);
      yield { line: reading.lines, event: pageView(line, site, id) };
    } else reading.leave(reason ?? "malformed", text);
  }
}

function pageView(line: LogLine, site: string, event_id: string): ImportRow["event"] {
  return {
    event: "page_view",
    event_id,
    timestamp: line.timestamp,
    page_url: (site + line.target).slice(0, MAX_URL),
    referrer: line.referrer?.slice(0, MAX_URL),
    context: { user_agent: line.user_agent?.slice(0, MAX_USER_AGENT), ip: line.address.slice(0, 64) },
  };
}
