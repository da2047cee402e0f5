/**
 * Accept: the CPU cost of a request, under bare `workerd serve` with storage and queue as stubs, beside a Worker
 * that parses the same JSON and returns 202. `wrangler dev` and miniflare would add more than is measured.
 * @module
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { Agent, request } from "node:http";
import { createRequire } from "node:module";
import path from "node:path";
import { generate, kindOf } from "../../demo/traffic/index.ts";
import { bundle } from "./bench-worker.ts";
import { cpuMs, median } from "./measure.ts";
import type { Bench, Cell, Check } from "./report.ts";
import { sized } from "./size.ts";

/** The package has no types. */
const { default: workerd }: { default: string } = createRequire(import.meta.url)("workerd");
const PORT = 18_790;
const REQUESTS = sized(6_000, 120);
const ROUNDS = sized(3, 1);
const CONNECTIONS = 8;
/** Budgets by events a request: cost of a request as a multiple of the floor's in the same run. */
const BUDGETS: Record<number, number> = { 1: 2.5, 10: 3, 100: 6 };
const AGENT =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

const PATHS = {
  "floor: parse, 202": "/floor",
  "floor + queue": "/floor-queue",
  ingest: "/api/v1/events/ingest",
  "ingest + queue": "/api/v1/events/ingest?queue",
} as const;

/** CPU per request and per event with 1, 10 and 100 events a request; medians of rounds that take turns. */
export const benchIngest: Bench = async (say) => {
  const server = await serve();
  try {
    const rows: Record<string, Cell>[] = [];
    const checks: Check[] = [];
    for (const size of [1, 10, 100]) {
      say(`${size} event${size > 1 ? "s" : ""} a request`);
      const bodies = makeBodies(size);
      const rounds = new Map<string, number[]>();
      for (let round = 0; round <= ROUNDS; round++) {
        for (const [name, target] of Object.entries(PATHS)) {
          const cost = await measure(server.pid, target, bodies, size === 100 ? REQUESTS / 6 : REQUESTS);
          if (round > 0) rounds.set(name, [...(rounds.get(name) ?? []), cost]);
        }
      }
      const floor = median(rounds.get("floor: parse, 202") ?? []);
      for (const [name, costs] of rounds) {
        const ms = median(costs);
        rows.push({
          "events a request": size,
          what: name,
          "CPU ms a request": ms,
          "CPU ms an event": ms / size,
          "× floor": ms / floor,
        });
        if (name === "ingest")
          checks.push({
            what: `${size} events a request`,
            value: ms / floor,
            unit: "× floor",
            most: BUDGETS[size],
          });
      }
    }
    const notes = [
      `${REQUESTS} requests a round, ${ROUNDS} rounds after one to warm up; CPU of the whole workerd process, HTTP included`,
    ];
    return { tables: [{ title: "ingest: processor time under workerd", rows, notes }], checks };
  } finally {
    server.close();
  }
};

async function serve(): Promise<{ pid: number; close(): void }> {
  const worker = await bundle("ingest");
  const folder = path.dirname(worker);
  writeFileSync(
    path.join(folder, "config.capnp"),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "queue", worker = .queue) ],
  sockets = [ (name = "http", address = "127.0.0.1:${PORT}", http = (), service = "main") ]
);
const main :Workerd.Worker = (
  modules = [ (name = "worker.js", esModule = embed "worker.js") ],
  compatibilityDate = "2026-10-01",
  bindings = [ (name = "EVENTS", queue = "queue") ]
);
const queue :Workerd.Worker = (
  modules = [ (name = "queue.js", esModule = embed "queue.js") ],
  compatibilityDate = "2026-10-01"
);
`,
  );
  // The response of the queue's service; the binding throws without it.
  writeFileSync(
    path.join(folder, "queue.js"),
    `const metrics = { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: 0 };
export default { async fetch(request) { await request.arrayBuffer(); return Response.json({ metadata: { metrics } }); } };
`,
  );
  const child = spawn(workerd, ["serve", path.join(folder, "config.capnp")], {
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (child.pid === undefined) throw new Error("ingest: workerd did not start");
  for (let tries = 0; ; tries++) {
    const up = await post("/floor", "{}", new Agent()).catch(() => 0);
    if (up === 202) break;
    if (tries > 50) throw new Error(`ingest: workerd does not answer on ${PORT}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { pid: child.pid, close: () => void child.kill() };
}

/** Requests as sent by the tracker: each with one visitor's events, without `batch_id`. */
function makeBodies(size: number): string[] {
  const now = Date.now();
  const events = [];
  for (const event of generate({ seed: 7, from: now - 3_600_000, to: now, events: 3_000 })) {
    if (kindOf(event) === "bot") continue;
    const { context: _context, ...sent } = event;
    events.push({ ...sent, timestamp: now });
  }
  const bodies: string[] = [];
  for (let at = 0; at + size <= events.length; at += size)
    bodies.push(JSON.stringify({ events: events.slice(at, at + size) }));
  return bodies;
}

/** CPU ms per request. */
async function measure(
  pid: number,
  target: string,
  bodies: readonly string[],
  requests: number,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const before = cpuMs(pid);
  let sent = 0;
  const work = async () => {
    while (sent < requests) {
      const status = await post(target, bodies[sent++ % bodies.length]!, agent);
      if (status !== 202) throw new Error(`ingest: ${target} answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  agent.destroy();
  return (cpuMs(pid) - before) / requests;
}

function post(target: string, body: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      "content-type": "text/plain",
      "content-length": Buffer.byteLength(body),
      "x-api-key": "proj_bench",
      "user-agent": AGENT,
      "accept-language": "de-DE,de;q=0.9",
      "cf-connecting-ip": "203.0.113.7",
      origin: "https://kasuri.example",
      ...(target.endsWith("?queue") ? { "x-bench-queue": "1" } : {}),
    };
    const call = request(
      { host: "127.0.0.1", port: PORT, path: target, method: "POST", headers, agent },
      (response) => {
        response.resume();
        response.on("end", () => resolve(response.statusCode ?? 0));
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
