/**
 * Commit and fold, fed directly: how many events a second one shard takes in one workerd.
 * @module
 */
import { type BenchWorker, startBenchWorker } from "./bench-worker.ts";
import { cpuMs, peakMb, timed } from "./measure.ts";
import type { Bench, Cell } from "./report.ts";
import { sized } from "./size.ts";

const HOUR_MS = 3_600_000;
/** Generated events, without engagement events. */
const EVENTS = sized(60_000, 8_000);
/** Deliveries between two folds: at 20,000 events/s a fold every two seconds finds forty. */
const DELIVERIES_A_FOLD = 40;
const MESSAGES_A_DELIVERY = 100;
const EVENTS_A_MESSAGE = 10;
/** Budgets in events/s: one site, and a thousand. */
const LEAST_PER_SECOND = { one: 25_000, many: 15_000 };

interface Run {
  events: number;
  commitMs: number;
  foldMs: number;
  cpuMs: number;
}

/** Rates with one site and with a thousand, after a warm-up. */
export const benchConsume: Bench = async (say) => {
  const rows: Record<string, Cell>[] = [];
  const checks = [];
  for (const sites of [1, sized(1000, 20)]) {
    const worker = await startBenchWorker();
    say(`${sites} site${sites > 1 ? "s" : ""}`);
    await run(worker, sites, EVENTS / 4, 1);
    const { events, commitMs, foldMs, cpuMs: cpu } = await run(worker, sites, EVENTS, 2);
    const perSecond = (ms: number) => Math.round((events / ms) * 1000);
    rows.push({
      sites,
      events,
      "commit events/s": perSecond(commitMs),
      "fold events/s": perSecond(foldMs),
      "both events/s": perSecond(commitMs + foldMs),
      "CPU µs an event": (cpu * 1000) / events,
      "peak MB": peakMb(worker.pid),
    });
    checks.push({
      what: `commit + fold, ${sites} site${sites > 1 ? "s" : ""}`,
      value: perSecond(commitMs + foldMs),
      unit: "events/s",
      least: sites === 1 ? LEAST_PER_SECOND.one : LEAST_PER_SECOND.many,
    });
    await worker.close();
  }
  return {
    tables: [{ title: "consume: 10 events a message, 100 messages a delivery, a fold every 40", rows }],
    checks,
  };
};

async function run({ ask, pid }: BenchWorker, sites: number, events: number, seed: number): Promise<Run> {
  const from = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
  const projects = Array.from({ length: sites }, (_, index) => `p${index}`);
  await ask("projects", { projects });
  const to = from + HOUR_MS;
  const shape = { size: EVENTS_A_MESSAGE, messages: MESSAGES_A_DELIVERY };
  await ask("open", { projects, seed, from, to, events, ...shape });
  const made = await ask("make", {});
  const total: Run = { events: 0, commitMs: 0, foldMs: 0, cpuMs: 0 };
  const before = cpuMs(pid);
  for (let left = made.deliveries; left > 0; left -= DELIVERIES_A_FOLD) {
    const committed = await timed(() => ask("consume", { limit: DELIVERIES_A_FOLD, now: to }));
    const folded = await timed(() => ask("fold", { now: to }));
    total.events += committed.value.events;
    total.commitMs += committed.ms;
    total.foldMs += folded.ms;
  }
  total.cpuMs = cpuMs(pid) - before;
  return total;
}
