/**
 * A state folder with a month of traffic in projects of several sizes: created once per day and source digest, because
 * filling a lake with millions of events takes minutes. Segments are written by the real commit, numbers by the real
 * folder.
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ROOT } from "../../demo/fresh-build.ts";
import { startServer } from "../../demo/server.ts";
import { startBenchWorker } from "./bench-worker.ts";
import { peakMb, timed } from "./measure.ts";

const HOUR_MS = 3_600_000;
const DAYS = 30;
/** Engagement events and bots' events per event of the generator. */
const EXTRA = 0.8;
/** Events of a message when loading, so that segments have the size of merged ones. */
const MESSAGE_EVENTS = 20;
const SEGMENT_MESSAGES = 1500;
/** Sources that determine the state. */
const SOURCES = [
  "worker/pipeline/lake",
  "worker/pipeline/rollup",
  "worker/pipeline/fold",
  "worker/pipeline/queue",
  "worker/pipeline/ingest",
  "schema",
  "demo/traffic",
];
const PASSWORD = "correct horse battery staple";

/** A project of a month. */
export interface Month {
  project: string;
  /** Accepted events, including engagement events. */
  events: number;
  loadSeconds: number;
  foldSeconds: number;
  deriveSeconds: number;
}

export interface Prepared {
  state: string;
  email: string;
  password: string;
  months: Month[];
  peakMb: number;
}

/** Returns the state folder for the sizes (accepted events), filling it if it does not exist. */
export async function prepareMonths(
  sizes: readonly number[],
  say: (text: string) => void,
): Promise<Prepared> {
  const root = path.join(tmpdir(), "selvedge-bench-months");
  const state = path.join(root, digest(sizes));
  const file = path.join(state, "prepared.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  rmSync(root, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const prepared: Prepared = {
    state,
    email: "ada@example.com",
    password: PASSWORD,
    months: await makeProjects(state, sizes),
    peakMb: 0,
  };
  const worker = await startBenchWorker(state);
  for (const [index, month] of prepared.months.entries())
    await fill(worker.ask, month, sizes[index] ?? 0, say);
  prepared.peakMb = peakMb(worker.pid);
  await worker.close();
  writeFileSync(file, JSON.stringify(prepared));
  return prepared;
}

async function makeProjects(state: string, sizes: readonly number[]): Promise<Month[]> {
  const server = await startServer({ port: 0, state });
  const post = async <T>(route: string, body: unknown, token?: string): Promise<T> => {
    const response = await fetch(`${server.url}/api/v1/${route}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`bench: ${route} answered ${response.status}`);
    return (await response.json()) as T;
  };
  const account = { email: "ada@example.com", password: PASSWORD };
  const { access_token } = await post<{ access_token: string }>("auth/register", account);
  const months: Month[] = [];
  for (const size of sizes) {
    const { id } = await post<{ id: string }>("projects", { name: `${size}`, timezone: "UTC" }, access_token);
    months.push({ project: id, events: 0, loadSeconds: 0, foldSeconds: 0, deriveSeconds: 0 });
  }
  await server.close();
  return months;
}

async function fill(
  ask: Awaited<ReturnType<typeof startBenchWorker>>["ask"],
  month: Month,
  size: number,
  say: (text: string) => void,
): Promise<void> {
  const to = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const from = to - DAYS * 24 * HOUR_MS;
  const events = Math.round(size / (1 + EXTRA));
  const shape = { size: MESSAGE_EVENTS, messages: SEGMENT_MESSAGES };
  await ask("open", { projects: [month.project], seed: size, from, to, events, ...shape });
  for (let done = false; !done; ) {
    const step = await timed(() => ask("load", { limit: 10, now: Date.now() }));
    month.loadSeconds += step.ms / 1000;
    const folded = await timed(() => ask("fold", { now: Date.now() }));
    month.foldSeconds += folded.ms / 1000;
    month.events += step.value.events;
    done = step.value.done;
    say(`${month.events} of ${size} events committed`);
  }
  for (let days = 1; days > 0; ) {
    const step = await timed(() => ask("derive", { now: Date.now(), limit: 4 }));
    month.deriveSeconds += step.ms / 1000;
    days = step.value.days;
    if (days) say(`${days} days derived in ${(step.ms / 1000).toFixed(1)} s`);
  }
  while ((await ask("merge", { now: Date.now() })).merges > 0);
  await ask("seal", { now: Date.now() });
}

function digest(sizes: readonly number[]): string {
  const hash = createHash("sha256").update(JSON.stringify([sizes, new Date().toISOString().slice(0, 10)]));
  for (const source of SOURCES) {
    const folder = path.join(ROOT, source);
    for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort())
      if (/\.(ts|sql)$/.test(name)) hash.update(name).update(readFileSync(path.join(folder, name)));
  }
  return hash.digest("hex").slice(0, 12);
}
