/**
 * Peak of live memory of the Worker's heavy paths, against the 128 MB that an isolate has.
 * @module
 */
import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import type { Peak } from "./heap/live.ts";
import type { Bench } from "./report.ts";

/** What a path may need: the rest of an isolate's 128 MB is for code, caches and other requests. */
const MOST_MB = 100;
/** CPU of one invocation (`limits.cpu_ms` of wrangler.toml). */
const MOST_CPU_SECONDS = 300;

const run = promisify(execFile);

/** `BENCH_HEAP=merge` measures only the cases whose name contains it. */
export const benchHeap: Bench = async (say) => {
  const { CASES } = await import("./heap/cases.ts");
  const rows = [];
  const checks = [];
  for (const name of Object.keys(CASES).filter((name) => name.includes(process.env.BENCH_HEAP ?? ""))) {
    say(name);
    const { peakMb, cpuSeconds } = await measure(name);
    rows.push({ path: name, "peak live MB": peakMb, "CPU s": cpuSeconds });
    checks.push(
      { what: name, value: peakMb, unit: "MB", most: MOST_MB },
      { what: name, value: cpuSeconds, unit: "CPU s", most: MOST_CPU_SECONDS },
    );
  }
  return {
    tables: [
      {
        title: "heap: live memory above the start, stored data outside of the heap; CPU without sampling",
        rows,
      },
    ],
    checks,
  };
};

/** In a process of its own, so that no case sees the garbage or the compiled code of another. */
async function measure(name: string): Promise<Peak> {
  const file = path.join(import.meta.dirname, "heap/case.ts");
  const flags = ["--disable-warning=ExperimentalWarning", "--expose-gc"];
  const { stdout } = await run(process.execPath, [...flags, file, name]);
  return JSON.parse(stdout);
}
