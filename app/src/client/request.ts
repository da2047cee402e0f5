/**
 * One function for every operation of the API, typed by the routes: `request("GET /projects/{id}", { params: { id } })`.
 * @module
 */
import type { Input, Operation, Output } from "./api";
import { type Answer, answer, apiFetch } from "./http";

/** What `Input` of any operation may contain. */
interface Parts {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  json?: unknown;
  text?: string;
  contentType?: string;
  headers?: Record<string, string>;
}

/** Sends a request and returns the response as it is; for the few callers that need its headers or its text. */
export function send<O extends Operation>(operation: O, input: Input<O>): Promise<Response> {
  const { params = {}, query = {}, json, text, contentType, headers } = input as Parts;
  const [method, template = ""] = operation.split(" ");
  const path = template.replaceAll(/{(\w+)}/g, (_, name) => encodeURIComponent(params[name] ?? ""));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  const type = json === undefined ? contentType : "application/json";
  return apiFetch(`/api/v1${path}${search.size ? `?${search}` : ""}`, {
    method,
    headers: { ...headers, ...(type ? { "content-type": type } : {}) },
    body: json === undefined ? text : JSON.stringify(json),
  });
}

/** Sends a request and returns its data, or the problem it was refused with. */
export function request<O extends Operation>(operation: O, input: Input<O>): Promise<Answer<Output<O>>> {
  return answer<Output<O>>(send(operation, input));
}
