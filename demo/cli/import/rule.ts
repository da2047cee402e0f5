/**
 * Which requests of an access log are page views. The first reason that applies is counted.
 * @module
 */
import { isbot } from "isbot";
import type { LogLine } from "./access-log.ts";

/** Why a line is skipped, in the order of the checks. */
export const SKIP_REASONS = {
  malformed: "the line is not a request",
  method: "another method than GET",
  error: "status 400 or higher",
  status: "another status than 200 and 304: redirects, parts of files",
  asset: "the path's last part has an extension that is not a page's",
  feed: "a feed: a path that ends in /feed, /rss or /atom, or a parameter (flav, feed, format, type, output) that asks for one",
  bot: "no user agent, or one that the isbot package knows",
} as const;
export type SkipReason = keyof typeof SKIP_REASONS;

/** Extensions of pages; a path without an extension is a page too. */
export const PAGE_EXTENSIONS = [
  "html",
  "htm",
  "xhtml",
  "shtml",
  "php",
  "phtml",
  "asp",
  "aspx",
  "jsp",
  "cgi",
  "do",
];

/**
 * A dot and up to five letters and digits, at least one a letter: `.woff2` is an extension, the `.3` of `v1.0.3` is
 * not.
 */
const EXTENSION = /\.(?=\d*[a-z])([a-z0-9]{1,5})$/i;
const FEED_PATH = /\/(feed|rss|atom)\/?$/i;
const FEED_QUERY = /[?&](flav|feed|format|type|output)=(rss|atom|rdf)/i;
/** Longest user agent that is checked and sent, in characters. */
export const MAX_USER_AGENT = 512;

/** Why a request is not a page view; null when it is one. */
export function skipReason(line: LogLine | null): SkipReason | null {
  if (!line) return "malformed";
  if (line.method !== "GET") return "method";
  if (line.status >= 400) return "error";
  if (line.status !== 200 && line.status !== 304) return "status";
  const [path = ""] = line.target.split(/[?#]/, 1);
  const extension = EXTENSION.exec(path)?.[1]?.toLowerCase();
  if (extension && !PAGE_EXTENSIONS.includes(extension)) return "asset";
  if (FEED_PATH.test(path) || FEED_QUERY.test(line.target)) return "feed";
  return isBot(line.user_agent) ? "bot" : null;
}

const known = new Map<string, boolean>();

function isBot(userAgent: string | null): boolean {
  if (!userAgent) return true;
  const agent = userAgent.slice(0, MAX_USER_AGENT);
  let bot = known.get(agent);
  if (bot === undefined) {
    bot = isbot(agent);
    if (known.size > 10_000) known.clear();
    known.set(agent, bot);
  }
  return bot;
}
