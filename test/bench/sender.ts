/**
 * Visitors' browsers: requests of events at a fixed rate, whether or not the server is fast enough.
 * @module
 */
import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { generate, kindOf, type TrafficEvent } from "../../demo/traffic/index.ts";

const HOUR_MS = 3_600_000;
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
];

/** The result of one request. */
export interface Sent {
  /** Epoch ms (with fractions) at which it was due; its events have it as property `sent_at`. */
  due: number;
  /** Ms from when it was due to the response. */
  ms: number;
  status: number;
  /** Ms that the Worker reports, from the request to the response. */
  serverMs: number;
}

export interface Rate {
  url: string;
  key: string;
  requestsPerSecond: number;
  events: number;
  seconds: number;
}

/** Sends at the rate and resolves when all responses have arrived. */
export async function sendSteadily({ url, key, requestsPerSecond, events, seconds }: Rate): Promise<Sent[]> {
  const target = new URL("/api/v1/events/ingest", url);
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const source = visits(requestsPerSecond * events * seconds);
  const total = requestsPerSecond * seconds;
  const start = performance.timeOrigin + performance.now();
  const answers: Promise<Sent>[] = [];
  while (answers.length < total) {
    const now = performance.timeOrigin + performance.now();
    while (answers.length < total && start + (answers.length * 1000) / requestsPerSecond <= now) {
      const due = start + (answers.length * 1000) / requestsPerSecond;
      answers.push(send(target, agent, key, source.splice(0, events), due, answers.length));
    }
    await sleep(1);
  }
  const sent = await Promise.all(answers);
  agent.destroy();
  return sent;
}

/** Events of visits, as sent by a page: without context, which only an import may state. */
function visits(count: number): TrafficEvent[] {
  const to = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const all: TrafficEvent[] = [];
  for (const event of generate({ seed: 11, from: to - HOUR_MS, to, events: count + 100 })) {
    if (kindOf(event) !== "event") continue;
    const { context: _context, ...own } = event;
    all.push(own);
  }
  return all;
}

function send(
  target: URL,
  agent: Agent,
  key: string,
  events: TrafficEvent[],
  due: number,
  index: number,
): Promise<Sent> {
  const body = JSON.stringify({
    events: events.map((event) => ({
      ...event,
      timestamp: Math.floor(due),
      properties: { ...event.properties, sent_at: due },
    })),
  });
  const headers = {
    "content-type": "text/plain",
    "content-length": Buffer.byteLength(body),
    "x-api-key": key,
    "user-agent": AGENTS[index % AGENTS.length],
    "accept-language": "en-GB,en;q=0.9",
    "sec-fetch-site": "cross-site",
  };
  return new Promise((resolve) => {
    const done = (status: number, timing = "") => {
      const serverMs = Number(/dur=(\d+)/.exec(timing)?.[1] ?? Number.NaN);
      resolve({ due, ms: performance.timeOrigin + performance.now() - due, status, serverMs });
    };
    const call = request(target, { method: "POST", headers, agent }, (response) => {
      response.resume();
      response.on("end", () =>
        done(response.statusCode ?? 0, String(response.headers["server-timing"] ?? "")),
      );
    });
    call.on("error", () => done(0));
    call.end(body);
  });
}
