/**
 * The demo account: created once per state folder, with two weeks of traffic (the last seven days and the previous
 * ones) and five sources with 90 days of data.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Progress } from "./cli/progress.ts";
import { seedTraffic } from "./cli/seed.ts";
import { targetOf } from "./cli/target.ts";
import { type Demo, writeDemo } from "./demo-file.ts";
import { DEMO_SOURCES } from "./vendors/start.ts";

const EMAIL = "demo@selvedge.example";
const PASSWORD = "indigo-on-ecru";
const DAYS = 14;
const EVENTS = 16_000;
const SETTLE_MS = 250;
const TEMPLATES = ["conversion", "acquisition", "web-overview", "marketing-overview"];

/** Registers the account, creates the project and sends the traffic. Safe to call again after an interruption. */
export async function makeDemo(url: string, state: string): Promise<Demo> {
  const { access_token } = await signIn(url);
  const headers = { "content-type": "application/json", authorization: `Bearer ${access_token}` };
  const { data } = await json<{ data: ProjectAnswer[] }>(await fetch(`${url}/api/v1/projects`, { headers }));
  const project =
    data[0] ??
    (await json<ProjectAnswer>(
      await fetch(`${url}/api/v1/projects`, {
        method: "POST",
        headers,
        body: JSON.stringify({ name: "Kasuri", timezone: Intl.DateTimeFormat().resolvedOptions().timeZone }),
      }),
    ));
  const sources = `${url}/api/v1/projects/${project.id}/sources`;
  // First, so that they are read while the traffic is sent.
  await connectSources(sources, headers);
  const target = targetOf({ url, project: project.id, token: access_token });
  const progress = new Progress("demo traffic");
  const sent = await seedTraffic(
    target,
    { days: DAYS, events: EVENTS, seed: 1, until: Date.now() },
    (events, share) => progress.update(events, share),
  );
  progress.end();
  await settled(`${url}/api/v1/analytics/${project.id}/overview?from=30d`, headers, sent.event);
  await sourcesRead(sources, headers);
  await makeDashboards(`${url}/api/v1/projects/${project.id}/dashboards`, headers);
  const demo = { email: EMAIL, password: PASSWORD, project_id: project.id, api_key: project.api_key };
  writeDemo(state, demo);
  return demo;
}

/** Dashboards from templates, with a comparison to the previous week; none when there are some. */
async function makeDashboards(path: string, headers: Record<string, string>): Promise<void> {
  const { data } = await json<{ data: unknown[] }>(await fetch(path, { headers }));
  if (data.length) return;
  for (const template of TEMPLATES) {
    const body = JSON.stringify({ template });
    const { id, version } = await json<{ id: string; version: number }>(
      await fetch(path, { method: "POST", headers, body }),
    );
    const change = JSON.stringify({ version, range: "7d" });
    await json(await fetch(`${path}/${id}`, { method: "PATCH", headers, body: change }));
  }
}

/** Connects the sources that are missing. */
async function connectSources(path: string, headers: Record<string, string>): Promise<void> {
  const known = new Set((await listSources(path, headers)).map(({ driver }) => driver));
  for (const source of DEMO_SOURCES.filter(({ driver }) => !known.has(driver))) {
    await json(await fetch(path, { method: "POST", headers, body: JSON.stringify(source) }));
  }
}

/** Waits until each source has been read. @throws with the message of a source that failed */
async function sourcesRead(path: string, headers: Record<string, string>): Promise<void> {
  const progress = new Progress("demo sources", "sources");
  for (let read = 0; read < DEMO_SOURCES.length; await sleep(SETTLE_MS)) {
    const sources = await listSources(path, headers);
    const broken = sources.find(({ error }) => error !== null);
    if (broken) throw new Error(`${broken.name}: ${broken.error?.message}`);
    read = sources.filter(({ synced_at }) => synced_at !== null).length;
    progress.update(read, read / DEMO_SOURCES.length);
  }
  progress.end();
}

async function listSources(path: string, headers: Record<string, string>): Promise<SourceAnswer[]> {
  return (await json<{ data: SourceAnswer[] }>(await fetch(path, { headers }))).data;
}

interface SourceAnswer {
  driver: string;
  name: string;
  synced_at: number | null;
  error: { message: string } | null;
}

interface ProjectAnswer {
  id: string;
  api_key: string;
}

async function signIn(url: string): Promise<{ access_token: string }> {
  const credentials = JSON.stringify({ email: EMAIL, password: PASSWORD, name: "Demo" });
  const post = (action: string) =>
    fetch(`${url}/api/v1/auth/${action}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: credentials,
    });
  const registered = await post("register");
  return await json(registered.status === 409 ? await post("login") : registered);
}

/** Waits until the charts contain the sent events. */
async function settled(overview: string, headers: Record<string, string>, events: number): Promise<void> {
  const progress = new Progress("adding up");
  for (let shown = 0; shown < events * 0.95; await sleep(SETTLE_MS)) {
    const { metrics } = await json<{ metrics: { events: { value: number } } }>(
      await fetch(overview, { headers }),
    );
    shown = metrics.events.value;
    progress.update(shown, shown / events);
  }
  progress.end();
}

async function json<T>(response: Response): Promise<T> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
