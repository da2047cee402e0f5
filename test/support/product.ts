/**
 * The built product with empty storage: one process, HTTP, with a new account.
 * @module
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { buildIfStale } from "../../demo/fresh-build.ts";
import type { LocalMail } from "../../demo/mail-log.ts";
import { type Server, startServer } from "../../demo/server.ts";

export interface Project {
  id: string;
  api_key: string;
  timezone: string;
}

export interface Product {
  server: Server;
  state: string;
  email: string;
  password: string;
  token: string;
  /** Text of the latest e-mail to the address whose subject matches; waits for one. */
  mailTo(address: string, subject: RegExp): Promise<string>;
  /** Calls the API as the account. @throws when the status is not 2xx */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  makeProject(name: string, timezone?: string): Promise<Project>;
  /** Waits until everything accepted is folded, `events` are counted in the range, and the time zone is the one set. */
  settled(project: string, events: number, range: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts it; `close` removes its state. */
export async function startProduct(vars: Record<string, string> = {}): Promise<Product> {
  buildIfStale();
  const state = mkdtempSync(path.join(tmpdir(), "selvedge-state-"));
  const mails: LocalMail[] = [];
  const server = await startServer({
    port: 0,
    state,
    vars: { SIGNUP: "open", ...vars },
    onMail: (mail) => mails.push(mail),
  });
  const [email, password] = ["ada@example.com", "correct horse battery staple"];
  const { access_token } = await request<{ access_token: string }>(
    server.url,
    "POST",
    "/api/v1/auth/register",
    {
      body: { email, password },
    },
  );
  const api = <T>(method: string, route: string, body?: unknown) =>
    request<T>(server.url, method, route, { body, token: access_token });
  return {
    server,
    state,
    email,
    password,
    token: access_token,
    async mailTo(address, subject) {
      for (;;) {
        const mail = mails.findLast(({ to, subject: text }) => to === address && subject.test(text));
        if (mail) return readFileSync(mail.file, "utf8");
        await pause(50);
      }
    },
    api,
    makeProject: (name, timezone = "UTC") => api("POST", "/api/v1/projects", { name, timezone }),
    async settled(project, events, range) {
      for (;;) {
        // The numbers first: a fold between the requests could mark days unseen.
        const overview = await api<Overview>("GET", `/api/v1/analytics/${project}/overview?${range}`);
        const { days_to_derive } = await api<{ days_to_derive: number }>(
          "GET",
          `/api/v1/projects/${project}/pipeline`,
        );
        const { zone_change } = await api<{ zone_change: unknown }>("GET", `/api/v1/projects/${project}`);
        if (days_to_derive === 0 && !zone_change && overview.metrics.events.value >= events) return;
        await pause(200);
      }
    },
    async close() {
      await server.close();
      rmSync(state, { recursive: true, force: true });
    },
  };
}

interface Overview {
  metrics: { events: { value: number } };
}

async function request<T>(
  url: string,
  method: string,
  route: string,
  { body, token }: { body?: unknown; token?: string },
): Promise<T> {
  const response = await fetch(`${url}${route}`, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${text}`);
  return JSON.parse(text || "null");
}
