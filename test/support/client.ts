/**
 * Calls the real API in the test's isolate; each client has its own address.
 * @module
 */
import { env } from "cloudflare:workers";
import { api } from "../../worker/api/app";

export interface CallOptions {
  body?: unknown;
  /** Bearer: an access token or a personal token. */
  token?: string;
  cookie?: string;
  headers?: Record<string, string>;
  /** Bindings instead of the test's own, e.g. with a recorder for e-mails. */
  bindings?: Env;
}

/** `call("POST", "/api/v1/projects", { body, token })` returns the response with its JSON, if it has any. */
export function makeClient() {
  const address = `10.${crypto.getRandomValues(new Uint8Array(3)).join(".")}`;
  return async (method: string, path: string, options: CallOptions = {}) => {
    const headers: Record<string, string> = { "cf-connecting-ip": address, ...options.headers };
    if (options.token) headers.authorization = `Bearer ${options.token}`;
    if (options.cookie) headers.cookie = options.cookie;
    if (options.body !== undefined) headers["content-type"] = "application/json";
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const response = await api.request(path, { method, headers, body }, options.bindings ?? env);
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    // biome-ignore lint/suspicious/noExplicitAny: responses have many shapes in tests.
    const data: any = isJson ? JSON.parse(text) : text;
    return { status: response.status, headers: response.headers, data };
  };
}

export const PASSWORD = "correct horse battery staple";
let accounts = 0;

/** A new account with a confirmed address: its client, access token, session cookie and user. */
export async function makeAccount() {
  const call = makeClient();
  const email = `person-${++accounts}-${crypto.randomUUID()}@example.com`;
  const { data, headers } = await call("POST", "/api/v1/auth/register", {
    body: { email, password: PASSWORD },
  });
  const cookie = headers.get("set-cookie")?.split(";")[0] ?? "";
  await env.CONTROL.prepare("UPDATE users SET email_verified = 1 WHERE id = ?1").bind(data.user.id).run();
  const user = { ...data.user, email_verified: true };
  return { call, email, cookie, token: data.access_token as string, user };
}
