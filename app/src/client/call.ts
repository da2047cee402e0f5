/**
 * Calls by path, typed by the wire's own schemas: for answers with filters, whose nesting hono's client types do not follow.
 * @module
 */
import { type Answer, answer, apiFetch } from "./http";

/** One call to `/api/v1` + `path`; `T` is what the route's schema promises. */
export function call<T>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  json?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer<T>> {
  return answer<T>(
    apiFetch(`/api/v1${path}`, {
      method,
      headers: { ...headers, ...(json === undefined ? {} : { "content-type": "application/json" }) },
      body: json === undefined ? undefined : JSON.stringify(json),
    }),
  ) as Promise<Answer<T>>;
}
