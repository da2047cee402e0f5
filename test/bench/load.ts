/**
 * The whole local server for a minute at 300 requests a second of 10 events: responses, live feed, stored numbers,
 * losses.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { startProduct } from "../support/product.ts";
import { cpuMs, peakMb, percentile, workerdPids } from "./measure.ts";
import type { Bench } from "./report.ts";
import { type Sent, sendSteadily } from "./sender.ts";
import { sized } from "./size.ts";
import { subscribe } from "./subscriber.ts";

const RATE = { requestsPerSecond: sized(300, 20), events: 10, seconds: sized(60, 3) };
const WARM_UP_SECONDS = sized(5, 1);
const POLL_MS = 200;
/** Stops after this long without the last event in the numbers. */
const PATIENCE_MS = 60_000;

/** A reading of the count. */
interface Look {
  at: number;
  count: number;
}

const epochNow = () => performance.timeOrigin + performance.now();

export const benchLoad: Bench = async (say) => {
  const product = await startProduct();
  try {
    const project = await product.makeProject("Load");
    const live: number[] = [];
    const socket = await subscribe(product, project.id, (frame) => {
      if (frame.type !== "events") return;
      const now = epochNow();
      for (const { properties } of frame.events) live.push(now - Number(properties?.sent_at));
    });
    const rate = { url: product.server.url, key: project.api_key, ...RATE };
    say(`warming up for ${WARM_UP_SECONDS} s`);
    const warm = await sendSteadily({ ...rate, seconds: WARM_UP_SECONDS });
    const count = () => countOf(product, project.id);
    const warmed = warm.length * RATE.events;
    while ((await count()) < warmed) await sleep(POLL_MS);
    live.length = 0;

    say(`${RATE.requestsPerSecond} requests/s of ${RATE.events} events for ${RATE.seconds} s`);
    const [pid = 0] = workerdPids();
    const cpuBefore = cpuMs(pid);
    const total = warmed + RATE.requestsPerSecond * RATE.events * RATE.seconds;
    const looks: Look[] = [];
    const watching = watch(count, total, looks);
    const sent = await sendSteadily(rate);
    const sendingCpu = cpuMs(pid) - cpuBefore;
    const last = await watching;
    socket.close();
    const stored = storedMs(sent, looks, warmed);
    const refused = sent.filter(({ status }) => status !== 202).length;
    const ms = sent.map((one) => one.ms);
    const serverMs = sent.flatMap((one) => (Number.isNaN(one.serverMs) ? [] : [one.serverMs]));
    const row = (what: string, values: number[]) => ({
      what,
      n: values.length,
      "p50 ms": percentile(values, 0.5),
      "p95 ms": percentile(values, 0.95),
      "p99 ms": percentile(values, 0.99),
      "max ms": Math.max(...values),
    });
    return {
      tables: [
        {
          title: `load: ${RATE.requestsPerSecond} requests/s of ${RATE.events} events, whole local server`,
          rows: [
            row("ingest, server time", serverMs),
            row("ingest, due → response", ms),
            row("event → live feed", live),
            row("event → stored number", stored),
          ],
          notes: [
            `${sent.length} requests, ${refused} refused; ${last} events counted of ${total} accepted`,
            `workerd used ${(sendingCpu / RATE.seconds / 10).toFixed(0)} % of one core (ingest, queue, commit, fold, live), ${peakMb(pid)} MB at most`,
            `stored numbers are read every ${POLL_MS} ms; the feed is sampled, so n is smaller`,
          ],
        },
      ],
      checks: [
        { what: "ingest p95, server time", value: percentile(serverMs, 0.95), unit: "ms", most: 30 },
        { what: "event → live feed p95", value: percentile(live, 0.95), unit: "ms", most: 300 },
        { what: "event → stored number p95", value: percentile(stored, 0.95), unit: "ms", most: 4_000 },
        { what: "workerd", value: sendingCpu / RATE.seconds / 10, unit: "% of a core", most: 60 },
        { what: "events lost", value: total - last, unit: "events", most: 0 },
        { what: "events doubled", value: last - total, unit: "events", most: 0 },
        { what: "requests refused", value: refused, unit: "requests", most: 0 },
      ],
    };
  } finally {
    await product.close();
  }
};

async function countOf({ api }: Awaited<ReturnType<typeof startProduct>>, project: string): Promise<number> {
  const query = { dataset: "events", metrics: ["events"], range: "24h" };
  const { totals } = await api<{ totals?: { events?: number } }>("POST", `/api/v1/query/${project}`, query);
  return totals?.events ?? 0;
}

/** Reads the count until it is complete, or has not changed for a long time. Returns the last count. */
async function watch(count: () => Promise<number>, total: number, looks: Look[]): Promise<number> {
  let movedAt = epochNow();
  for (let last = 0; ; await sleep(POLL_MS)) {
    const seen = await count();
    const at = epochNow();
    looks.push({ at, count: seen });
    if (seen > last) movedAt = at;
    last = seen;
    if (seen >= total || at - movedAt > PATIENCE_MS) return last;
  }
}

/** Ms from each event to the first reading that counts at least as many events as had been sent by then. */
function storedMs(sent: readonly Sent[], looks: readonly Look[], before: number): number[] {
  const accepted = sent.filter(({ status }) => status === 202).sort((a, b) => a.due - b.due);
  const found: number[] = [];
  let look = 0;
  for (const [index, { due }] of accepted.entries()) {
    const wanted = before + (index + 1) * RATE.events;
    while (look < looks.length && looks[look]!.count < wanted) look++;
    found.push((looks[look]?.at ?? Number.POSITIVE_INFINITY) - due);
  }
  return found;
}
