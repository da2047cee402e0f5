/**
 * The page, without private parts of its URL.
 * @module
 */
import { Lru } from "../../../lib/lru";
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
  const { url_parameters } = project.settings;
  const address = raw.page_url;
  // JSON of the list ends where the URL begins: no two pairs have the same key.
  const page = pages.getOrCreate(`${JSON.stringify(url_parameters)}${address}`, () =>
    readPage(address, url_parameters),
  );
  Object.assign(body, page.columns);
  Object.assign(marks, page.marks);
}

const UTM = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content"] as const;

/** What a page's URL fills in; nothing when it is not a URL. */
interface Page {
  columns: Partial<Pick<Draft["body"], "page_url" | "path" | "hostname" | (typeof UTM)[number]>>;
  marks: Partial<Pick<Marks, "tag" | "click">>;
}

/** Pages by project parameters and URL: most events are on a few of them, and URL's accessors are slow in workerd. */
const pages = new Lru<string, Page>({ maxSize: 2_000_000, sizeOf: (_, key) => 400 + 2 * key.length });

function readPage(text: string, parameters: readonly string[]): Page {
  const url = parseUrl(text);
  if (!url) return { columns: {}, marks: {} };
  const { hash, host, pathname, protocol, search } = url;
  const isRelative = url.hostname === RELATIVE;
  const route = hash.startsWith("#/") ? hashRoute(hash) : "";
  const query = search === "" ? [] : [...url.searchParams];
  const allowed = allowedQuery(query, parameters);
  const utm = Object.fromEntries(UTM.map((name) => [name, tagOf(query, name)]));
  const columns = {
    ...utm,
    hostname: isRelative ? null : url.hostname.slice(0, 255) || null,
    path: (pathname + route).slice(0, MAX_PATH) || "/",
    page_url: ((isRelative ? "" : `${protocol}//${host}`) + pathname + allowed + route).slice(
      0,
      MAX_PAGE_URL,
    ),
  };
  const tag = utm.utm_source ?? tagOf(query, "ref") ?? tagOf(query, "source");
  return { columns, marks: { tag, click: clickOf(query) } };
}

/** Names and values of a query, in its order. */
type Query = readonly (readonly [name: string, value: string])[];

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

function tagOf(query: Query, wanted: string): string | null {
  const value = query.find(([name]) => name === wanted)?.[1];
  // Control characters would take six bytes each in a message.
  return (
    value
      ?.replaceAll(/\p{Cc}/gu, "")
      .trim()
      .slice(0, MAX_TAG)
      .toWellFormed() || null
  );
}

function clickOf(query: Query): Marks["click"] {
  for (const [name] of query) {
    const click = Object.hasOwn(CLICK_IDS, name) ? CLICK_IDS[name] : undefined;
    if (click) return click;
  }
  return null;
}

function allowedQuery(query: Query, parameters: readonly string[]): string {
  const isAllowed = (name: string) =>
    name.startsWith("utm_") || name === "ref" || name === "source" || parameters.includes(name);
  const allowed = query.filter(([name]) => isAllowed(name)).map(([name, value]) => [name, value]);
  return allowed.length ? `?${new URLSearchParams(allowed)}` : "";
}
