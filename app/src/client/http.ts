/**
 * Access to the API: over the network in the browser, within the process during server rendering.
 * Errors are returned as values, so that a page can show them and keep its data.
 * @module
 */
import { redirect } from "@solidjs/router";
import { getRequestEvent, isServer } from "solid-js/web";
import type { Problem } from "../../../schema/wire/error";

/** Result of an API call: data, or the problem it failed with. */
export type Answer<T> = { ok: true; data: T } | { ok: false; problem: Problem };

/** Data of an answer; undefined while it is loading and when it failed. */
export function dataOf<T>(answer: Answer<T> | undefined): T | undefined {
  return answer?.ok ? answer.data : undefined;
}

/** Problem of an answer; undefined unless it failed. */
export function problemOf(answer: Answer<unknown> | undefined): Problem | undefined {
  return answer && !answer.ok ? answer.problem : undefined;
}

/** Request headers that identify the caller; the only ones forwarded to the API during server rendering. */
const FORWARDED = ["cookie", "user-agent", "accept-language", "cf-connecting-ip", "cf-ipcountry"];

const UNREACHABLE: Problem = {
  type: "about:blank",
  status: 0,
  code: "unreachable",
  title: "Cannot reach the server",
  detail: "Check your connection and try again.",
};

/** `fetch` for paths of the project's own API. */
export function apiFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  if (!isServer) return fetch(input, init);
  const event = getRequestEvent();
  if (!event) throw new Error("apiFetch was called on the server outside a request");
  const headers = new Headers(init?.headers);
  for (const name of FORWARDED) {
    const value = event.request.headers.get(name);
    if (value) headers.set(name, value);
  }
  const url = new URL(String(input), event.request.url);
  // The API accepts cookies only from its own origin.
  headers.set("origin", url.origin);
  return event.locals.api(new Request(url, { ...init, headers }));
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}

/** The JSON body of a response; undefined for an empty one (202 and 204). Throws when it is not JSON. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === "" ? undefined : JSON.parse(text);
}

/** Turns a response into an answer; never rejects. */
export async function answer<T>(
  response: Promise<Response>,
  read: (response: Response) => Promise<unknown> = readJson,
): Promise<Answer<T>> {
  try {
    const reply = await response;
    if (reply.ok) return { ok: true, data: (await read(reply)) as T };
    const body = await readJson(reply).catch(() => null);
    if (isProblem(body)) return { ok: false, problem: body };
    return {
      ok: false,
      problem: {
        ...UNREACHABLE,
        status: reply.status,
        title: `The server returned an error (${reply.status})`,
      },
    };
  } catch (error) {
    console.warn("API request failed", error);
    return { ok: false, problem: UNREACHABLE };
  }
}

/** Redirects to sign-in on 401, and back afterwards. For use inside `query()`. */
export function orSignIn<T>(result: Answer<T>): Answer<T> {
  if (result.ok || result.problem.status !== 401) return result;
  const here = isServer
    ? new URL(getRequestEvent()?.request.url ?? "http://localhost/projects")
    : new URL(window.location.href);
  const next = here.pathname + here.search;
  throw redirect(`/login?next=${encodeURIComponent(next)}`);
}
