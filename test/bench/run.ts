/**
 * `npm run bench`: every benchmark, or those that are named: `npm run bench -- load query`.
 * Prints tables and writes `test/bench/results.json`. `BENCH_SMALL=1` only tries whether they run.
 * @module
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import path from "node:path";
import { type Bench, holds, type Outcome, print } from "./report.ts";
import "./resolve.ts";
import { IS_SMALL } from "./size.ts";

const RESULTS = path.join(import.meta.dirname, "results.json");

/** Loaded when run: each has its own packages. */
const BENCHES: Record<string, () => Promise<Bench>> = {
  bytes: async () => (await import("./bytes.ts")).benchBytes,
  ingest: async () => (await import("./ingest.ts")).benchIngest,
  consume: async () => (await import("./consume.ts")).benchConsume,
  load: async () => (await import("./load.ts")).benchLoad,
  sockets: async () => (await import("./sockets.ts")).benchSockets,
  query: async () => (await import("./dashboard.ts")).benchDashboard,
  widgets: async () => (await import("./widgets.ts")).benchWidgets,
  ads: async () => (await import("./ads.ts")).benchAds,
  scan: async () => (await import("./scan.ts")).benchScan,
  heap: async () => (await import("./heap.ts")).benchHeap,
  engine: async () => (await import("./engine.ts")).benchEngine,
  bill: async () => (await import("./bill.ts")).benchBill,
  growth: async () => (await import("./growth.ts")).benchGrowth,
};

interface Recorded extends Outcome {
  at: string;
  load: number;
}

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length) {
  console.error(
    `There is no benchmark ${unknown.join(", ")}; the benchmarks are ${Object.keys(BENCHES).join(", ")}.`,
  );
  process.exit(1);
}
const results: Record<string, Recorded> = existsSync(RESULTS)
  ? JSON.parse(readFileSync(RESULTS, "utf8"))
  : {};
console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`);
let missed = 0;
for (const [name, load] of Object.entries(BENCHES)) {
  if (named.length && !named.includes(name)) continue;
  console.log(`\n── ${name}`);
  const before = loadavg()[0] ?? 0;
  const bench = await load();
  const outcome = await bench((text) => console.log(`  … ${text}`));
  print(outcome);
  missed += outcome.checks.filter((check) => !holds(check)).length;
  if (IS_SMALL) continue;
  results[name] = { at: new Date().toISOString(), load: before, ...outcome };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
}
if (!IS_SMALL) console.log(missed ? `\n${missed} budgets exceeded` : "\nall budgets met");
process.exit(0);
