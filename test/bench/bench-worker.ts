/**
 * A Worker of the product's modules for benchmarks, under miniflare with the product's own databases and bucket.
 * @module
 */
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { build } from "vite";
import { unstable_getMiniflareWorkerOptions as workerOptions } from "wrangler";
import { ROOT } from "../../demo/fresh-build.ts";
import { migrate } from "../../demo/server.ts";
import { workerdPids } from "./measure.ts";
import type { Answers, Ask } from "./worker/ops.ts";

/** Bundles an entry of `test/bench/worker` into one module and returns its path. */
export async function bundle(entry: string): Promise<string> {
  const outDir = path.join(tmpdir(), `selvedge-bench-${process.pid}`, entry);
  mkdirSync(outDir, { recursive: true });
  await build({
    configFile: false,
    logLevel: "error",
    root: ROOT,
    publicDir: false,
    resolve: { conditions: ["workerd", "worker", "module", "browser"] },
    ssr: { noExternal: true, target: "webworker" },
    build: {
      ssr: path.join(import.meta.dirname, "worker", `${entry}.ts`),
      outDir,
      target: "esnext",
      minify: false,
      rolldownOptions: {
        external: [/^cloudflare:/, /^node:/],
        output: { entryFileNames: "worker.js", codeSplitting: false },
      },
    },
  });
  return path.join(outDir, "worker.js");
}

export interface BenchWorker {
  miniflare: Miniflare;
  pid: number;
  ask: Ask;
  close(): Promise<void>;
}

/** Starts it over a state folder; without one its state is temporary. */
export async function startBenchWorker(state?: string): Promise<BenchWorker> {
  const before = new Set(workerdPids());
  const { workerOptions: worker } = workerOptions(path.join(ROOT, "wrangler.toml"));
  const entry = await bundle("index");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: "127.0.0.1",
      port: 0,
      cf: false,
      log: new Log(LogLevel.WARN),
      ...(state ? { resourcePersistencePath: path.resolve(state) } : {}),
      telemetry: { enabled: false },
      workers: [
        {
          ...pick(worker, ["compatibilityDate", "d1Databases", "r2Buckets"]),
          name: "bench",
          modules: [{ type: "ESModule", path: entry }],
          modulesRoot: path.dirname(entry),
        },
      ],
    }),
  );
  const url = (await miniflare.ready).origin;
  await migrate(miniflare);
  const pid = workerdPids().find((found) => !before.has(found));
  if (pid === undefined) throw new Error("bench: workerd did not start");
  const ask: Ask = async (op, args) => {
    const response = await fetch(`${url}/${op}`, { method: "POST", body: JSON.stringify(args) });
    if (!response.ok) throw new Error(`bench worker, ${op}: ${await response.text()}`);
    return (await response.json()) as Answers[typeof op];
  };
  return { miniflare, pid, ask, close: () => miniflare.dispose() };
}

function pick<T extends object, K extends keyof T>(of: T, names: readonly K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, of[name]])) as Pick<T, K>;
}
