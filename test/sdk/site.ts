/**
 * A site with the tracker and the server of its events, in one process.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import type { RawEvent } from "../../schema/wire/event.ts";

const PUBLIC = path.join(import.meta.dirname, "../../app/public");
const TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
};
const INGEST = "/api/v1/events/ingest";

/** One request as it arrived. */
export interface Beacon {
  key: string | null;
  batch_id: string;
  events: RawEvent[];
  contentType: string | undefined;
  cookie: string | undefined;
  answered: number;
}

/** The response to the next request; 202 by default. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
}

/** Contents of a page. */
export interface Page {
  /** Attributes of the script element beside `src` and `data-project`. */
  attributes?: string;
  head?: string;
  body?: string;
  headers?: Record<string, string>;
  /** The page is served when this resolves. */
  after?: Promise<unknown>;
}

/** A running site. The caller closes it. */
export interface Site {
  url: string;
  beacons: Beacon[];
  answers: Answer[];
  /** Methods of all requests to the ingest path, including refused ones: a preflight would be listed here. */
  methods: string[];
  pages: Map<string, Page>;
  /** All accepted events in the order of their time, optionally only those of one name. Requests can overtake each other. */
  events(name?: string): RawEvent[];
  close(): Promise<void>;
}

function html(page: Page): string {
  const script = `<script defer src="/sdk/tracker.min.js" data-project="proj_test" ${page.attributes ?? ""}></script>`;
  return `<!doctype html><html lang="en"><title>A page</title>${page.head ?? ""}${script}<body>${page.body ?? ""}</body></html>`;
}

/** The build's static assets; a folder's page is its index. */
function sendBuilt(pathname: string, response: ServerResponse): void {
  const file = path.join(PUBLIC, path.extname(pathname) ? pathname : `${pathname}/index.html`);
  if (!existsSync(file)) return void response.writeHead(404).end();
  response.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
  response.end(readFileSync(file));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Starts a site on a free port. Paths without a test's definition are an ordinary page. */
export async function makeSite(): Promise<Site> {
  const beacons: Beacon[] = [];
  const answers: Answer[] = [];
  const methods: string[] = [];
  const pages = new Map<string, Page>();

  async function ingest(
    request: IncomingMessage,
    response: ServerResponse,
    key: string | null,
  ): Promise<void> {
    methods.push(request.method ?? "");
    const { batch_id, events } = JSON.parse(await readBody(request)) as Pick<Beacon, "batch_id" | "events">;
    const answer = answers.shift() ?? { status: 202 };
    beacons.push({
      key,
      batch_id,
      events,
      contentType: request.headers["content-type"],
      cookie: request.headers.cookie,
      answered: answer.status,
    });
    const cors = { "access-control-allow-origin": "*", "access-control-expose-headers": "Retry-After" };
    response.writeHead(answer.status, { "content-type": "application/json", ...cors, ...answer.headers });
    response.end(JSON.stringify({ accepted: events.length, rejected: [] }));
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://site");
    if (pathname === INGEST) return void ingest(request, response, searchParams.get("key"));
    if (/^\/(sdk|demo)\//.test(pathname)) return sendBuilt(pathname, response);
    if (pathname.startsWith("/api/")) return void response.writeHead(401).end();
    const page = pages.get(pathname) ?? {};
    await page.after;
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", ...page.headers });
    response.end(html(page));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const accepted = () =>
    beacons
      .filter((beacon) => beacon.answered < 300)
      .flatMap((beacon) => beacon.events)
      .sort((a, b) => Number(a.timestamp) - Number(b.timestamp));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    beacons,
    answers,
    methods,
    pages,
    events: (name) => accepted().filter((event) => !name || event.event === name),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
