/**
 * What the edge knows about a request, from headers and `request.cf`. A sender cannot state any of it.
 * @module
 */

/** Facts about the sender of a request. The address is hashed and never leaves this module. */
export interface Sender {
  ip: string | null;
  user_agent: string | null;
  /** The `Accept-Language` header. */
  accept_language: string | null;
  /** ISO 3166-1 alpha-2, with `XX` and `T1` already null. */
  country: string | null;
  region: string | null;
  city: string | null;
  /** Number of the network the request came from. */
  asn: number | null;
  /** The network's name. */
  network: string | null;
  /** A page made the request: browsers send `Origin` or `Sec-Fetch-Site` with every script's POST, programs do not. */
  page: boolean;
  /** `Sec-GPC: 1` */
  gpc: boolean;
  /** `DNT: 1` */
  dnt: boolean;
}

/** Longest user agent that is stored, in characters. */
export const MAX_USER_AGENT = 512;

/** Nothing known: an import is sent by a program, and each event has its own context. */
export const NO_SENDER: Sender = {
  ip: null,
  user_agent: null,
  accept_language: null,
  country: null,
  region: null,
  city: null,
  asn: null,
  network: null,
  page: false,
  gpc: false,
  dnt: false,
};

/**
 * Reads a sender from headers and `request.cf`, which is absent in tests and local runs. `CF-Connecting-IP` is set by
 * Cloudflare and cannot be forged by the client.
 */
export function senderOf(headers: Headers, cf: Partial<Record<string, unknown>> | undefined): Sender {
  const country = text(cf?.country, 2);
  return {
    ip: headers.get("cf-connecting-ip"),
    user_agent: headers.get("user-agent")?.slice(0, MAX_USER_AGENT) || null,
    accept_language: headers.get("accept-language"),
    // XX: unknown, T1: Tor (Cloudflare › Network › IP geolocation).
    country: country === "XX" || country === "T1" ? null : country,
    region: text(cf?.region, 128),
    city: text(cf?.city, 128),
    asn: typeof cf?.asn === "number" ? cf.asn : null,
    network: text(cf?.asOrganization, 128),
    page: headers.has("origin") || headers.has("sec-fetch-site"),
    gpc: headers.get("sec-gpc") === "1",
    dnt: headers.get("dnt") === "1",
  };
}

function text(value: unknown, max: number): string | null {
  return typeof value === "string" && value !== "" ? value.slice(0, max) : null;
}
