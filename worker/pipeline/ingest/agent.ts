/**
 * User agents, each parsed once: a site sees a few hundred different ones, and parsing costs about 10 µs.
 * @module
 */
import Bowser from "bowser";
import { isbot } from "isbot";
import { Lru } from "../../lib/lru";
import { MAX_USER_AGENT } from "./sender";

/** A parsed user agent. `library` is an HTTP client such as curl: a bot on a page, a server elsewhere. */
export interface Agent {
  browser: string | null;
  browser_version: string | null;
  os: string | null;
  os_version: string | null;
  device: string | null;
  bot: boolean;
  library: boolean;
}

const UNKNOWN: Agent = {
  browser: null,
  browser_version: null,
  os: null,
  os_version: null,
  device: null,
  bot: false,
  library: false,
};

/** About 300 bytes each. */
const cache = new Lru<string, Agent>({ maxEntries: 2000 });

/** Parses a user agent. Unknown parts are null. */
export function agentOf(userAgent: string | null): Agent {
  if (!userAgent) return UNKNOWN;
  return cache.getOrCreate(userAgent, () => parse(userAgent.slice(0, MAX_USER_AGENT)));
}

const LIBRARY =
  /^(curl|wget|python|aiohttp|httpx|node|undici|axios|got|okhttp|go-http-client|java|apache-httpclient|ruby|faraday|php|guzzle|symfony|dart|reqwest|libwww-perl|postmanruntime|insomnia|httpie|bun|deno|cloudflare-workers)\b/i;
const CONSOLE = /playstation|xbox|nintendo/i;

function parse(userAgent: string): Agent {
  const { browser, os, platform } = Bowser.parse(userAgent);
  return {
    browser: name(browser.name),
    browser_version: majorMinor(browser.version),
    os: name(os.name),
    // Windows' own version is `NT 10.0`; its name is `10`.
    os_version: os.name === "Windows" ? name(os.versionName) : majorMinor(os.version),
    device: CONSOLE.test(userAgent) ? "console" : deviceOf(platform.type),
    bot: isbot(userAgent),
    library: LIBRARY.test(userAgent),
  };
}

function deviceOf(type: string | undefined): string | null {
  return type === "desktop" || type === "mobile" || type === "tablet" || type === "tv" ? type : null;
}

function name(value: string | undefined): string | null {
  return value ? value.slice(0, 64) : null;
}

/** `126.0.6478.61` as `126.0`: more precise versions only fragment breakdowns and make visitors identifiable. */
function majorMinor(version: string | undefined): string | null {
  return version ? version.split(".", 2).join(".").slice(0, 32) : null;
}
