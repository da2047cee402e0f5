/**
 * Many subscribers of one room: a thousand sockets that must each receive every frame.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { startProduct } from "../support/product.ts";
import { cpuMs, median, percentile, workerdPids } from "./measure.ts";
import type { Bench } from "./report.ts";
import { sendSteadily } from "./sender.ts";
import { sized } from "./size.ts";
import { subscribe } from "./subscriber.ts";

const SOCKETS = sized(1000, 10);
const OPENING_AT_ONCE = 20;
const RATE = { requestsPerSecond: 2, events: 5, seconds: sized(15, 2) };
/** Time for frames to arrive after the last response. */
const SETTLE_MS = 5_000;

interface Heard {
  /** Texts of the frames of events. */
  frames: string[];
  /** Ms from event to arrival. */
  ms: number[];
}

export const benchSockets: Bench = async (say) => {
  const product = await startProduct();
  try {
    const project = await product.makeProject("Crowd");
    const heard: Heard[] = [];
    const sockets: WebSocket[] = [];
    say(`opening ${SOCKETS} sockets`);
    const opened = performance.now();
    const open = async () => {
      while (heard.length < SOCKETS) {
        const own: Heard = { frames: [], ms: [] };
        heard.push(own);
        const socket = await subscribe(product, project.id, (frame, text) => {
          if (frame.type !== "events") return;
          own.frames.push(text);
          const now = performance.timeOrigin + performance.now();
          for (const { properties } of frame.events) own.ms.push(now - Number(properties?.sent_at));
        });
        sockets.push(socket);
      }
    };
    await Promise.all(Array.from({ length: OPENING_AT_ONCE }, open));
    const openMs = performance.now() - opened;

    say(`${RATE.requestsPerSecond} requests/s of ${RATE.events} events for ${RATE.seconds} s`);
    const [pid = 0] = workerdPids();
    const before = cpuMs(pid);
    await sendSteadily({ url: product.server.url, key: project.api_key, ...RATE });
    await sleep(SETTLE_MS);
    const cpu = cpuMs(pid) - before;
    for (const socket of sockets) socket.close();

    const [first] = heard;
    const wanted = first?.frames.join("\n") ?? "";
    const whole = heard.filter(({ frames }) => frames.join("\n") === wanted).length;
    const frames = first?.frames.length ?? 0;
    const shown = first?.ms.length ?? 0;
    const sent = RATE.requestsPerSecond * RATE.events * RATE.seconds;
    const all = heard.flatMap(({ ms }) => ms);
    return {
      tables: [
        {
          title: `sockets: ${SOCKETS} on one room`,
          rows: [
            {
              sockets: sockets.length,
              "all frames": whole,
              "frames each": frames,
              "events each": `${shown} of ${sent}`,
              "p50 ms": median(all),
              "p95 ms": percentile(all, 0.95),
              "max ms": Math.max(...heard.map(({ ms }) => Math.max(0, ...ms))),
              "CPU µs a send": (cpu * 1000) / Math.max(1, frames * SOCKETS),
            },
          ],
          notes: [
            `opened in ${(openMs / 1000).toFixed(1)} s, each with a ticket; one Node process receives them all`,
          ],
        },
      ],
      checks: [
        { what: "sockets that got every frame", value: whole, unit: "sockets", least: SOCKETS },
        { what: "events that each socket got", value: shown, unit: "events", least: sent },
        { what: "event → last of 1,000 sockets p95", value: percentile(all, 0.95), unit: "ms", most: 1000 },
      ],
    };
  } finally {
    await product.close();
  }
};
