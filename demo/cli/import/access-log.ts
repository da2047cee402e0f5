/**
 * Lines of Apache's and nginx's common and combined log formats.
 * @module
 */

/** One logged request. */
export interface LogLine {
  address: string;
  /** Epoch ms. */
  timestamp: number;
  method: string;
  /** Path and query as requested. */
  target: string;
  status: number;
  referrer: string | null;
  user_agent: string | null;
}

/**
 * address ident user [time] "request" status bytes, then in the combined format "referrer" "user agent"; more may
 * follow.
 */
const LINE =
  /^(\S+) \S+ .*?\[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) (?:\d+|-)(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)")?/;
const TIME = /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/;
const REQUEST = /^([A-Z]+) (\S+)(?: HTTP\/\d(?:\.\d)?)?$/;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * The part of a line that is read, without further fields: a last line that was still being written there is the same
 * request when it is complete.
 */
export function requestTextOf(line: string): string {
  return LINE.exec(line)?.[0] ?? line;
}

/** Parses a line; null when it is not a request: truncated, another format, or not HTTP. */
export function parseLine(line: string): LogLine | null {
  const [, address, time = "", request = "", status, referrer, agent] = LINE.exec(line) ?? [];
  if (!address) return null;
  const timestamp = parseTime(time);
  const [, method, asked] = REQUEST.exec(unescaped(request)) ?? [];
  const target = asked && targetOf(asked);
  if (timestamp === null || !method || !target) return null;
  return {
    address,
    timestamp,
    method,
    target,
    status: Number(status),
    referrer: textOf(referrer),
    user_agent: textOf(agent),
  };
}

/** `17/May/2015:10:05:03 +0000` as epoch ms. */
function parseTime(text: string): number | null {
  const [, day, month = "", year, hour, minute, second, sign, zoneHours, zoneMinutes] = TIME.exec(text) ?? [];
  const monthIndex = MONTHS.indexOf(month);
  if (monthIndex < 0) return null;
  const local = Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), Number(second));
  const offsetMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return sign === "-" ? local + offsetMs : local - offsetMs;
}

/** Path and query; clients of proxies request absolute URLs. */
function targetOf(asked: string): string | null {
  if (asked.startsWith("/")) return asked;
  const url = /^https?:/i.test(asked) ? URL.parse(asked) : null;
  return url && url.pathname + url.search;
}

function textOf(field: string | undefined): string | null {
  return field === undefined || field === "-" || field === "" ? null : unescaped(field);
}

/** Apache escapes `\"`, `\\` and `\xhh`, nginx only the last. */
function unescaped(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{2})|(.))/g, (_all, hex: string | undefined, char: string) =>
    hex ? String.fromCharCode(Number.parseInt(hex, 16)) : char,
  );
}
