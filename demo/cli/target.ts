/**
 * The target project and its credentials: from the command line, else the demo project of the first start.
 * @module
 */
import { type Demo, readDemo, stateFolder } from "../demo-file.ts";

/** Options of the command line. */
export interface TargetOptions {
  url?: string;
  project?: string;
  token?: string;
}

/** The project that events are sent to. */
export interface Target {
  url: string;
  project: string;
  /** A token that may write events; requests a new one when the last one was refused. */
  token(refused?: boolean): Promise<string>;
}

/** An error that the user can fix; shown without a stack. */
export class UsageError extends Error {}

/** Options for `parseArgs` of every command. */
export const TARGET_OPTIONS = {
  url: { type: "string" },
  project: { type: "string" },
  token: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** The target that options name. Throws a `UsageError` when they name none and there is no demo project. */
export function targetOf({ url: given, project, token }: TargetOptions): Target {
  const url = (given ?? `http://127.0.0.1:${process.env.PORT ?? 8787}`).replace(/\/$/, "");
  if (token && !project) throw new UsageError("--token needs --project too.");
  if (token && project) return { url, project, token: async () => token };
  const demo = demoOrExplain();
  let login: Promise<string> | undefined;
  return {
    url,
    project: project ?? demo.project_id,
    token: (refused) => {
      if (refused) login = undefined;
      login ??= logIn(url, demo);
      return login;
    },
  };
}

/** Calls a route of the target's project, such as `content/diff`. Throws a `UsageError` when it is refused. */
export async function call<T>(target: Target, method: string, route: string, body?: unknown): Promise<T> {
  const response = await fetch(`${target.url}/api/v1/projects/${target.project}/${route}`, {
    method,
    headers: { "content-type": "application/json", authorization: `Bearer ${await target.token()}` },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok)
    throw new UsageError(`${target.url} refused (${response.status}): ${await response.text()}`);
  return (await response.json()) as T;
}

function demoOrExplain(): Demo {
  const demo = readDemo(stateFolder());
  if (demo) return demo;
  throw new UsageError(
    `There is no demo project in ${stateFolder()}. Run "npm start" once, or use --project and --token. A token with the ` +
      "scope events:write can be created on the settings page of your account.",
  );
}

async function logIn(url: string, { email, password }: Demo): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  }).catch((cause: unknown) => {
    throw new UsageError(`No response from ${url}. Is it running? "npm start" starts it.`, { cause });
  });
  if (!response.ok) throw new UsageError(`${url} refuses the demo account (${response.status}).`);
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}
