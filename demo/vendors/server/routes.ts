/**
 * Routes requests to the handlers of documented paths.
 * @module
 */

/** A request to a stand-in. */
export interface VendorRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The undecoded query string, for vendors whose syntax decoding would destroy. */
  search: string;
  /** Header names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** The matched parameters of the route's pattern, decoded. */
  params: Record<string, string>;
}

/** A response: objects are sent as JSON, text as it is (set its `content-type`). */
export interface VendorAnswer {
  /** Default: 200. */
  status?: number;
  /** Number of calls answered by this response, for vendors with batches. Default: 1. */
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
 * A router over `"GET /v1/customers/:id"` keys. The first match is used, so put literal paths before patterns;
 * a `/:name` matches one path segment up to a colon, so `/:id:search` and `/rows:search` match Google's custom verbs.
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
