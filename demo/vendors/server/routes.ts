/**
 * From a request to the handler of its documented path.
 * @module
 */

/** A request as the stand-ins see it. */
export interface VendorRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The undecoded query string, for vendors whose syntax a decoder would lose. */
  search: string;
  /** Header names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** What the named parts of the route's pattern matched, decoded. */
  params: Record<string, string>;
}

/** An answer: objects leave as JSON, text as it is (name its `content-type`). */
export interface VendorAnswer {
  /** 200 when left out. */
  status?: number;
  /** How many calls were answered in this one, for vendors with batches; 1 when left out. */
  parts?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** Answers one request. */
export type Handler = (request: VendorRequest) => VendorAnswer;

interface Route {
  method: string;
  pattern: RegExp;
  handler: Handler;
}

/**
 * A router over `"GET /v1/customers/:id"` keys. The first that matches answers, so put literal paths before patterns;
 * a `/:name` matches one path segment up to a colon, so `/:id:search` and `/rows:search` read Google's custom verbs.
 */
export function router(
  routes: Record<string, Handler>,
): (request: VendorRequest) => VendorAnswer | undefined {
  const compiled = Object.entries(routes).map(([key, handler]): Route => {
    const [method = "GET", path = "/"] = key.split(" ");
    const source = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/\/:([a-z]\w*)/gi, "/(?<$1>[^/:]+)");
    return { method, pattern: new RegExp(`^${source}/?$`), handler };
  });
  return (request) => {
    for (const { method, pattern, handler } of compiled) {
      const match = method === request.method ? pattern.exec(request.path) : null;
      if (match === null) continue;
      const params = Object.entries(match.groups ?? {}).map(([name, text]) => [
        name,
        decodeURIComponent(text),
      ]);
      return handler({ ...request, params: Object.fromEntries(params) });
    }
    return undefined;
  };
}

/** The body as JSON, or undefined when it is not. */
export function jsonBody(request: VendorRequest): unknown {
  try {
    return JSON.parse(request.body);
  } catch {
    return undefined;
  }
}

/** The body as a form. */
export function formBody(request: VendorRequest): URLSearchParams {
  return new URLSearchParams(request.body);
}

/** The token of `Authorization: Bearer …`, or undefined. */
export function bearer(request: VendorRequest): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
}
