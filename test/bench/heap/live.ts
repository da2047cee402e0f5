/**
 * The peak of live memory while a function runs: garbage is collected at each sample. Samples are taken before and
 * after calls that heavy paths make often: storage, compression, JSON, timers.
 * @module
 */
import { syncBuiltinESMExports } from "node:module";
import zlib from "node:zlib";

const MB = 1024 * 1024;
/** A sample costs a full garbage collection: at most half of the time is spent on them. */
const LEAST_GAP_MS = 20;

/** Megabytes above the start at the peak, and CPU seconds without sampling. */
export interface Peak {
  peakMb: number;
  cpuSeconds: number;
}

let sample: () => void = () => {};

/** Runs and measures; needs `--expose-gc`. */
export async function measurePeak(run: () => Promise<unknown>): Promise<Peak> {
  const { gc } = globalThis;
  if (!gc) throw new Error("start node with --expose-gc");
  // Array buffers are freed a turn after the collection that finds them.
  gc();
  await new Promise((resolve) => setImmediate(resolve));
  gc();
  const before = liveBytes();
  let peak = before;
  let sampledCpu = 0;
  let notBefore = 0;
  sample = () => {
    if (performance.now() < notBefore) return;
    const [cpu, started] = [cpuMs(), performance.now()];
    gc();
    peak = Math.max(peak, liveBytes());
    sampledCpu += cpuMs() - cpu;
    const ended = performance.now();
    notBefore = ended + Math.max(LEAST_GAP_MS, ended - started);
  };
  const cpu = cpuMs();
  await run();
  const total = cpuMs() - cpu - sampledCpu;
  sample = () => {};
  return { peakMb: (peak - before) / MB, cpuSeconds: total / 1000 };
}

/** `external` includes array buffers. */
function liveBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Replaces a method by one that samples before and after it. */
function watch(owner: object, name: string): void {
  const method = Reflect.get(owner, name) as (...args: unknown[]) => unknown;
  Reflect.set(owner, name, (...args: unknown[]) => {
    sample();
    const result = Reflect.apply(method, owner, args);
    sample();
    return result;
  });
}

/** Samples at calls of this process' own functions. Call it before the first import of the Worker's modules. */
export function watchCalls(): void {
  for (const name of ["zstdCompressSync", "zstdDecompressSync"]) watch(zlib, name);
  syncBuiltinESMExports();
  for (const name of ["stringify", "parse"]) watch(JSON, name);
  watch(globalThis, "setTimeout");
}

/** The stores, sampled at their calls. */
export function watchStores<S extends { db: D1Database; lake: R2Bucket }>(stores: S): S {
  watch(stores.db, "batch");
  for (const name of ["get", "put"]) watch(stores.lake, name);
  return stores;
}
