/**
 * An access log as page views.
 * @module
 */
import { type LogLine, parseLine } from "./access-log.ts";
import { linesOf, type OpenFile, openFile } from "./file.ts";
import { Identity } from "./identity.ts";
import type { Reading, Row } from "./row.ts";
import { leftOut, MAX_USER_AGENT } from "./rule.ts";

/** Lines looked at to guess the site. */
const GUESS_LINES = 20_000;
const MAX_URL = 4096;

/** The origin that most requests came from: a site's own pages ask for its own files. Null when no line names one. */
export async function guessSite(file: string): Promise<string | null> {
  const origins = new Map<string, number>();
  let lines = 0;
  const { stream } = openFile(file);
  for await (const text of linesOf(stream)) {
    const origin = URL.parse(parseLine(text)?.referrer ?? "")?.origin;
    if (origin?.startsWith("http")) origins.set(origin, (origins.get(origin) ?? 0) + 1);
    if (++lines === GUESS_LINES) break;
  }
  stream.destroy();
  const [most] = [...origins].sort((a, b) => b[1] - a[1]);
  return most?.[0] ?? null;
}

/** Reads a log; `site` is the origin that paths are put behind. */
export async function* readLog(open: OpenFile, site: string, reading: Reading): AsyncIterable<Row> {
  const identity = new Identity();
  for await (const text of linesOf(open.stream)) {
    reading.lines++;
    if (text === "") continue;
    const line = parseLine(text);
    const reason = leftOut(line);
    if (line && !reason) yield { line: reading.lines, event: pageView(line, site, identity.of(text)) };
    else reading.leave(reason ?? "malformed", text);
  }
}

function pageView(line: LogLine, site: string, event_id: string): Row["event"] {
  return {
    event: "page_view",
    event_id,
    timestamp: line.timestamp,
    page_url: (site + line.target).slice(0, MAX_URL),
    referrer: line.referrer?.slice(0, MAX_URL),
    context: { user_agent: line.user_agent?.slice(0, MAX_USER_AGENT), ip: line.address.slice(0, 64) },
  };
}
