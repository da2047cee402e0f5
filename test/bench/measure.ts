/**
 * Clocks and percentiles.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";

/** Length of a clock tick in `/proc` (USER_HZ is 100 on every Linux that Node runs on). */
const TICK_MS = 10;

/** Processor time of a process in ms, from `/proc/<pid>/stat` (proc_pid_stat(5), fields 14 and 15). */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Peak memory of a process in MB (`VmHWM`). */
export function peakMb(pid: number): number {
  const match = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmHWM:\s+(\d+) kB/);
  return Math.round(Number(match?.[1] ?? 0) / 1024);
}

/** The workerd processes started by this process. */
export function workerdPids(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
        const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
        return parent === process.pid && stat.includes("(workerd");
      } catch {
        return false;
      }
    });
}

/** The value below which a share of the values is (nearest rank). NaN without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Runs a step and returns its duration in ms. */
export async function timed<T>(step: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const started = performance.now();
  const value = await step();
  return { ms: performance.now() - started, value };
}
