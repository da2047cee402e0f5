/**
 * The page, without private parts of its URL.
 * @module
 */
import type { ProjectConfig } from "../../../../schema/wire/project";
import type { Draft, Marks } from "../draft";
import { MAX_PAGE_URL, MAX_PATH, MAX_TAG } from "../limits";
import { CLICK_IDS } from "../tables/sources";

/**
 * Fills `page_url`, `path`, `hostname` and `utm_*`. Query parameters contain e-mail addresses and tokens on real sites,
 * so only `utm_*`, `ref`, `source` and those that the project lists are stored; click ids are read, then dropped.
 * A fragment is dropped unless it is a hash route (`#/…`), which single-page apps use as their path.
 */
export function putPage({ raw, project, body, marks }: Draft): undefined {
  if (!raw.page_url) return;
  const url = parseUrl(raw.page_url);
  if (!url) return;
  const route = url.hash.startsWith("#/") ? hashRoute(url.hash) : "";
  body.hostname = url.hostname === RELATIVE ? null : url.hostname.slice(0, 255) || null;
  body.path = (url.pathname + route).slice(0, MAX_PATH) || "/";
  for (const name of UTM) body[name] = tagOf(url, name);
  marks.tag = body.utm_source ?? tagOf(url, "ref") ?? tagOf(url, "source");
  marks.click = clickOf(url);
  const query = allowedQuery(url, project);
  const origin = url.hostname === RELATIVE ? "" : `${url.protocol}//${url.host}`;
  body.page_url = (origin + url.pathname + query + route).slice(0, MAX_PAGE_URL);
}

const UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"] as const;

/** Placeholder host of a relative URL such as `/pricing`, which some senders state. RFC 2606 reserves `.invalid`. */
const RELATIVE = "relative.invalid";

function parseUrl(text: string): URL | null {
  return text.startsWith("/") && !text.startsWith("//")
    ? URL.parse(text, `https://${RELATIVE}`)
    : URL.parse(text);
}

/** `#/orders/7?token=x` as `#/orders/7`: the part after `?` is the route's query, dropped like the page's own. */
function hashRoute(hash: string): string {
  return hash.split("?", 1)[0] ?? "";
}

function tagOf(url: URL, name: string): string | null {
  if (url.search === "") return null;
  const value = url.searchParams.get(name);
  // Control characters would take six bytes each in a message.
  return (
    value
      ?.replaceAll(/\p{Cc}/gu, "")
      .trim()
      .slice(0, MAX_TAG)
      .toWellFormed() || null
  );
}

function clickOf(url: URL): Marks["click"] {
  if (url.search === "") return null;
  for (const name of url.searchParams.keys()) {
    const click = Object.hasOwn(CLICK_IDS, name) ? CLICK_IDS[name] : undefined;
    if (click) return click;
  }
  return null;
}

function allowedQuery(url: URL, project: ProjectConfig): string {
  if (url.search === "") return "";
  const query = new URLSearchParams();
  for (const [name, value] of url.searchParams) {
    const isStandard = name.startsWith("utm_") || name === "ref" || name === "source";
    if (isStandard || project.settings.url_parameters.includes(name)) query.append(name, value);
  }
  const text = query.toString();
  return text ? `?${text}` : "";
}
