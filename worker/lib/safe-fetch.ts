/**
 * Requests to URLs that users enter (protection against SSRF): public hosts by https only. Redirects are followed here,
 * each checked like the first URL. Names that resolve to private addresses are left to the platform: a Worker's `fetch`
 * reaches public addresses only, and a lookup before it could be answered differently a moment later.
 * @module
 */

/** `fetch` with a URL as text. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const MAX_REDIRECTS = 5;
/**
 * Names that never belong to a public host (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`, names of home networks).
 */
const PRIVATE_NAMES =
  /(^|\.)(localhost|local|internal|localdomain|home\.arpa|lan|home|corp|intranet|private)$/;
/** IPv4 that is not public (IANA special-purpose registry), as first address and length of prefix. */
const PRIVATE_V4: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];

/** What is allowed besides public hosts. */
export interface GuardOptions {
  /** Also 127.0.0.1, and by http: for development and tests. */
  allowLoopback: boolean;
}

/** Returns why a URL is not allowed, as a sentence for users; null when it is allowed. */
export function refuseUrl(text: string, { allowLoopback }: GuardOptions): string | null {
  if (!URL.canParse(text)) return "This is not a URL.";
  // The parser normalizes IPv4 addresses, also `0x7f.1` and `2130706433`.
  const { protocol, hostname, username, password } = new URL(text);
  const host = hostname.toLowerCase().replace(/\.$/, "");
  if (username || password) return "Put the password in a key field, not in the URL.";
  if (allowLoopback && host === "127.0.0.1" && /^https?:$/.test(protocol)) return null;
  if (protocol !== "https:") return "The URL must begin with https://.";
  if (host.startsWith("[")) return isPublicV6(host.slice(1, -1)) ? null : NOT_PUBLIC;
  if (/^\d+(\.\d+){3}$/.test(host)) return isPublicV4(host) ? null : NOT_PUBLIC;
  if (!host.includes(".") || PRIVATE_NAMES.test(host)) return NOT_PUBLIC;
  return null;
}

const NOT_PUBLIC = "The URL must lead to a public host.";

/**
 * Returns a `fetch` that requests public URLs only. Credentials are not sent to another origin.
 * It throws `fail(reason)` for a URL that is not allowed, and after too many redirects.
 */
export function safeFetch(
  options: GuardOptions,
  send: Fetch = (url, init) => fetch(url, init),
  fail: (reason: string) => Error = (reason) => new Error(reason),
): Fetch {
  return async (first, init) => {
    let url = first;
    let request: RequestInit = { ...init, redirect: "manual" };
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      const refusal = refuseUrl(url, options);
      if (refusal) throw fail(refusal);
      const response = await send(url, request);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || response.status === 304 || location === null)
        return response;
      await response.body?.cancel();
      const next = URL.canParse(location, url) ? new URL(location, url) : null;
      if (!next) throw fail("The URL redirects to an invalid URL.");
      request = redirected(request, response.status, next.origin === new URL(url).origin);
      url = next.href;
    }
    throw fail(`The URL redirects more than ${MAX_REDIRECTS} times.`);
  };
}

/** The next request according to RFC 9110 section 15.4: 307 and 308 preserve method and body. */
function redirected(request: RequestInit, status: number, isSameOrigin: boolean): RequestInit {
  const keeps = status === 307 || status === 308 || /^(GET|HEAD)$/i.test(request.method ?? "GET");
  if (keeps && isSameOrigin) return request;
  const { body, method, headers, ...rest } = request;
  if (!isSameOrigin) return { ...rest, method: keeps && body === undefined ? method : "GET" };
  const remaining = new Headers(headers);
  remaining.delete("content-type");
  return { ...rest, method: "GET", headers: remaining };
}

function isPublicV4(host: string): boolean {
  const address = v4(host);
  return !PRIVATE_V4.some(([first, length]) => {
    const size = 2 ** (32 - length);
    return Math.floor(address / size) === Math.floor(v4(first) / size);
  });
}

const v4 = (host: string) => host.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);

/**
 * Only global unicast addresses (2000::/3), without ranges that are special or contain an IPv4 address: 2001::/23 with
 * Teredo, 2001:db8::/32, 2002::/16 (6to4), 3fff::/20. Mapped and translated addresses are outside of it.
 */
function isPublicV6(host: string): boolean {
  const [first = 0, second = 0] = groups(host);
  if (first < 0x2000 || first > 0x3fff || first === 0x2002) return false;
  if (first === 0x2001 && (second < 0x0200 || second === 0x0db8)) return false;
  return !(first === 0x3fff && second < 0x1000);
}

/** The first groups of an address in the URL parser's notation. */
function groups(host: string): number[] {
  const [head = ""] = host.split("::");
  return head === "" ? [0, 0] : head.split(":").map((group) => Number.parseInt(group, 16));
}
