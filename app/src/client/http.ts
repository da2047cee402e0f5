/**
 * One way to the API: over the network in the browser, within the process while rendering.
 * Refusals come back as values, so that a page can say what happened and keep what it has.
 * @module
 */
import { redirect } from "@solidjs/router";
import { getRequestEvent, isServer } from "solid-js/web";
import type { Problem } from "../../../schema/wire/error";

/** What the API said: data, or the problem it refused with. */
export type Answer<T> = { ok: true; data: T } | { ok: false; problem: Problem };

/** The data of an answer; undefined while it is on its way and when it is a refusal. */
export function dataOf<T>(answer: Answer<T> | undefined): T | undefined {
  return answer?.ok ? answer.data : undefined;
}

/** What an answer was refused with, if it was. */
export function problemOf(answer: Answer<unknown> | undefined): Problem | undefined {
  return answer && !answer.ok ? answer.problem : undefined;
}

/** Request headers that tell the API who asks; only these go along when a page is rendered. */
const FORWARDED = ["cookie", "user-agent", "accept-language", "cf-connecting-ip", "cf-ipcountry"];

const UNREACHABLE: Problem = {
  type: "about:blank",
  status: 0,
  code: "unreachable",
  title: "The server did not answer",
  detail: "Nothing was lost. Check the connection and try again.",
};

/** `fetch` for paths of our own API. */
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
  // A cookie counts only for requests from our own pages, and this is one being made.
  headers.set("origin", url.origin);
  return event.locals.api(new Request(url, { ...init, headers }));
}

/** The typed JSON answer that hono's client promises, as far as it matters here. */
interface Reply<T> {
  ok: boolean;
  status: number;
  headers: Headers;
  json(): Promise<T>;
}

/** Problems are sent by the one error handler and are not among the routes' own answers. */
type Data<T> = Exclude<T, Problem>;

async function readProblem(reply: Reply<unknown>): Promise<Problem> {
  const body = await reply.json().catch(() => null);
  if (isProblem(body)) return body;
  return { ...UNREACHABLE, status: reply.status, title: `The server answered ${reply.status}` };
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "title" in body;
}

/** Turns a call into an answer; never rejects. */
export async function answer<T>(call: Promise<Reply<T>>): Promise<Answer<Data<T>>> {
  const reply = await call.catch((error: unknown) => {
    console.warn("api call failed", error);
    return null;
  });
  if (reply === null) return { ok: false, problem: UNREACHABLE };
  if (!reply.ok) return { ok: false, problem: await readProblem(reply) };
  const data = reply.status === 204 ? undefined : await reply.json();
  return { ok: true, data: data as Data<T> };
}

/** Sends people who are not signed in to sign-in, and back here afterwards. For use inside `query()`. */
export function orSignIn<T>(result: Answer<T>): Answer<T> {
  if (result.ok || result.problem.status !== 401) return result;
  const here = isServer
    ? new URL(getRequestEvent()?.request.url ?? "http://localhost/projects")
    : new URL(window.location.href);
  const next = here.pathname + here.search;
  throw redirect(`/login?next=${encodeURIComponent(next)}`);
}
