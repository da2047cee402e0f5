/**
 * Queries over two years of ads, at increasing numbers of rows, through the whole local server. No query is repeated:
 * each turn requests days that end one day earlier, so that no cached response can be used.
 * @module
 */
import { buildIfStale } from "../../demo/fresh-build.ts";
import { type Server, startServer } from "../../demo/server.ts";
import type { Query } from "../../schema/wire/query.ts";
import { type PreparedAds, prepareAds, rebuildNewest } from "./marts.ts";
import { cpuMs, peakMb, percentile, workerdPids } from "./measure.ts";
import type { Bench, Cell, Check } from "./report.ts";
import { sized } from "./size.ts";

const SIZES = sized([10_000, 5_000_000], [1_000, 2_000]);
const CALLS = sized(30, 2);
const WARM_UPS = sized(3, 1);
const MOST_MS = 200;
const DAY_MS = 86_400_000;

const EVERYTHING = [
  "impressions",
  "clicks",
  "spend",
  "conversions",
  "value",
  "ctr",
  "cpc",
  "cpm",
  "cpa",
  "roas",
  "roi",
];
const QUESTIONS: Record<string, Query> = {
  "campaign performance": { dataset: "ads", metrics: EVERYTHING, dimensions: ["ads:campaign"] },
  "top 10 ads": { dataset: "ads", metrics: ["spend"], dimensions: ["ads:ad"], limit: 10 },
  "spend by day": { dataset: "ads", metrics: ["spend"], granularity: "day" },
};

export const benchAds: Bench = async (say) => {
  buildIfStale();
  const sizes = process.env.BENCH_ADS?.split(",").map(Number) ?? SIZES;
  const prepared = await prepareAds(sizes, say);
  const server = await startServer({ port: 0, state: prepared.state, vars: { ASK_MB_A_MINUTE: "1000000" } });
  try {
    const token = await signIn(server, prepared);
    const rows: Record<string, Cell>[] = [];
    const checks: Check[] = [];
    const base = new Map<string, number>();
    for (const { project, rows: size } of prepared.projects) {
      say(`asking about ${size.toLocaleString("en")} rows`);
      // Responses of an earlier run are cached with the state.
      await rebuildNewest(server, project);
      for (const isFresh of [false, true]) {
        for (const days of [30, 90]) {
          for (const [name, query] of Object.entries(QUESTIONS)) {
            const what = `${name}, ${days} days${isFresh ? ", after a sync" : ""}`;
            const line = await measure(server, { project, token, query, days, isFresh });
            const first = base.get(what) ?? line.p50;
            base.set(what, first);
            const { p50, p95, cold, cpu, scanned } = line;
            // After a sync the CPU time would include that of the sync.
            const processor = isFresh ? "" : cpu;
            const times = { "first ms": cold, "p50 ms": p50, "p95 ms": p95, "CPU ms": processor };
            rows.push({ rows: size, what, scanned, ...times, "× smallest": p50 / first });
            checks.push({ what: `${what}, ${size} rows, p95`, value: p95, unit: "ms", most: MOST_MS });
          }
        }
      }
    }
    const filling = prepared.projects.map(({ rows: size, campaignRows, bytes, seconds }) => ({
      rows: size,
      "rows of campaigns": campaignRows,
      "bytes a row": bytes / size,
      "written in s": seconds,
    }));
    const held = Math.max(...workerdPids().map(peakMb));
    return {
      tables: [
        { title: "ads: two years, one caller, whole local server, no query twice", rows },
        {
          title: "ads: the data",
          rows: filling,
          notes: [`stored in ${prepared.state}; workerd used ${held} MB at most`],
        },
      ],
      checks,
    };
  } finally {
    await server.close();
  }
};

interface Asked {
  project: string;
  token: string;
  query: Query;
  days: number;
  isFresh: boolean;
}

async function measure(server: Server, { project, token, query, days, isFresh }: Asked) {
  const today = Math.floor(Date.now() / DAY_MS);
  const date = (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10);
  let scanned = 0;
  const call = async (turn: number) => {
    // After a sync: the same days each time, built again since.
    if (isFresh) await rebuildNewest(server, project);
    const to = today + 1 - (isFresh ? 0 : turn);
    const range = { from: date(to - days), to: date(to) };
    const started = performance.now();
    const response = await fetch(`${server.url}/api/v1/query/${project}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ ...query, range }),
    });
    const text = await response.text();
    const ms = performance.now() - started;
    if (!response.ok) throw new Error(`ads: answered ${response.status} ${text}`);
    if (response.headers.get("x-answer") === "kept") throw new Error("ads: a response was cached");
    scanned = Math.max(scanned, Number(text.match(/"rows_scanned":(\d+)/)?.[1]));
    return ms;
  };
  const cold = await call(0);
  for (let turn = 1; turn <= WARM_UPS; turn++) await call(turn);
  const ms: number[] = [];
  const before = usedMs();
  for (let turn = 0; turn < CALLS; turn++) ms.push(await call(WARM_UPS + 1 + turn));
  const cpu = (usedMs() - before) / CALLS;
  return { cold, cpu, scanned, p50: percentile(ms, 0.5), p95: percentile(ms, 0.95) };
}

/** Processor time of the whole server, its D1 and R2 included. */
const usedMs = () => workerdPids().reduce((sum, pid) => sum + cpuMs(pid), 0);

async function signIn(server: Server, { email, password }: PreparedAds): Promise<string> {
  const response = await fetch(`${server.url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}
