/**
 * Small questions beside a large one in the same process. Prints milliseconds at the median and the 95th percentile.
 * @module
 */
import "../resolve.ts";

const { besideLarge } = await import("./questions.ts");
const { quiet, beside } = await besideLarge();
const at = (times: number[], share: number) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * share)]!;
const shown = (times: number[]) => ({ p50: at(times, 0.5), p95: at(times, 0.95), questions: times.length });
console.log(JSON.stringify({ quiet: shown(quiet), beside: shown(beside) }));
