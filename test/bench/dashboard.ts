/**
 * Queries of a dashboard over 30 days, at increasing numbers of events, through the whole local server.
 * @module
 */

import path from "node:path";
import { runnerImport } from "vite";
import { buildIfStale, ROOT } from "../../demo/fresh-build.ts";
import { startServer } from "../../demo/server.ts";
import type { Query } from "../../schema/wire/query.ts";
import { percentile } from "./measure.ts";
import { prepareMonths } from "./month.ts";
import type { Bench, Cell, Check } from "./report.ts";
import { sized } from "./size.ts";

const SIZES = sized([10_000, 1_000_000, 5_000_000], [1_000, 2_000]);
const CALLS = sized(40, 2);
const WARM_UPS = sized(5, 1);
const MOST_MS = 200;
const MOST_GROWTH = 1.5;
/** The app's own queries: bare imports between its files need vite's resolver. */
const EXPLORE = path.join(ROOT, "app/src/views/explore");
type Explore = Pick<typeof import("../../app/src/views/explore/cards.ts"), "CARD_NAMES" | "CARDS"> &
  Pick<typeof import("../../app/src/views/explore/question.ts"), "questions"> &
  Pick<typeof import("../../app/src/views/explore/state.ts"), "parseState">;

/** Distinguishes the queries of this run from those of an earlier one. */
const RUN = Date.now().toString(36);

type Ask = (route: string, body?: unknown) => Promise<{ ms: number; source: string; cached: boolean }>;

export const benchDashboard: Bench = async (say) => {
  buildIfStale();
  const sizes = process.env.BENCH_EVENTS?.split(",").map(Number) ?? SIZES;
  const prepared = await prepareMonths(sizes, say);
  const server = await startServer({ port: 0, state: prepared.state, vars: { ASK_MB_A_MINUTE: "1000000" } });
  try {
    const page = await loadPage();
    const token = await signIn(server.url, prepared);
    const rows: Record<string, Cell>[] = [];
    const checks: Check[] = [];
    const base = new Map<string, number>();
    for (const { project, events } of prepared.months) {
      say(`asking about ${events.toLocaleString("en")} events`);
      const ask = asker(server.url, project, token);
      const db = await server.miniflare.getD1Database("SHARD_0");
      // For caches that are valid until the next fold, this is one.
      const moveOn = () =>
        db.prepare("UPDATE fold_state SET seq = seq + 1 WHERE project = ?1").bind(project).run();
      for (const [name, call] of Object.entries(calls(ask, page, moveOn))) {
        for (let i = 0; i < WARM_UPS; i++) await call(-i - 1);
        const answers = [];
        for (let i = 0; i < CALLS; i++) answers.push(await call(i));
        const ms = answers.map((one) => one.ms);
        const p95 = percentile(ms, 0.95);
        const first = base.get(name) ?? percentile(ms, 0.5);
        base.set(name, first);
        const growth = percentile(ms, 0.5) / first;
        const cached = answers.filter((one) => one.cached).length;
        rows.push({
          events,
          what: name,
          "p50 ms": percentile(ms, 0.5),
          "p95 ms": p95,
          "× smallest": growth,
          from: cached ? `edge cache (${cached} of ${CALLS})` : (answers[0]?.source ?? ""),
        });
        checks.push({ what: `${name}, ${events} events, p95`, value: p95, unit: "ms", most: MOST_MS });
        if (growth !== 1)
          checks.push({
            what: `${name}, ${events} events, p50 × smallest`,
            value: growth,
            unit: "",
            most: MOST_GROWTH,
          });
      }
    }
    const filling = prepared.months.map(({ events, loadSeconds, foldSeconds, deriveSeconds }) => ({
      events,
      "load s": loadSeconds,
      "fold s": foldSeconds,
      "derive s": deriveSeconds,
      "derived events/s": Math.round(events / deriveSeconds),
    }));
    return {
      tables: [
        { title: "query: 30 days of a dashboard, one caller, whole local server", rows },
        {
          title: "query: how the month was filled (all days late: derived from the lake)",
          rows: filling,
          notes: [`stored in ${prepared.state}; workerd used ${prepared.peakMb} MB at most`],
        },
      ],
      checks,
    };
  } finally {
    await server.close();
  }
};

/**
 * The requests. Different names of queries make a request that is not in the edge cache, which is stored with the
 * state.
 */
function calls(
  ask: Ask,
  page: Page,
  moveOn: () => Promise<unknown>,
): Record<string, (turn: number) => ReturnType<Ask>> {
  return {
    "page (8 questions)": (turn) => ask("batch", { queries: page(false, `-${RUN}${turn}`) }),
    "page, compared": (turn) => ask("batch", { queries: page(false, `-${RUN}${turn}`, "previous") }),
    "every tab of every card": (turn) => ask("batch", { queries: page(true, `-${RUN}${turn}`) }),
    "page, after a fold": async (turn) => {
      await moveOn();
      return ask("batch", { queries: page(false, `-${RUN}${turn}`) });
    },
    "every tab, after a fold": async (turn) => {
      await moveOn();
      return ask("batch", { queries: page(true, `-${RUN}${turn}`) });
    },
    "page, repeated": () => ask("batch", { queries: page(false, "") }),
    "overview, repeated": () => ask("overview?from=30d"),
  };
}

type Page = (everyTab: boolean, suffix: string, compare?: string) => Record<string, Query>;

/** Loads the app's own queries. */
async function loadPage(): Promise<Page> {
  const load = async (name: string) =>
    (await runnerImport<Explore>(path.join(EXPLORE, name), { configFile: false, logLevel: "error" })).module;
  const { CARD_NAMES, CARDS } = await load("cards.ts");
  const { questions } = await load("question.ts");
  const { parseState } = await load("state.ts");
  return (everyTab, suffix, compare = "none") => {
    const named: [string, Query][] = [];
    const most = everyTab ? Math.max(...CARD_NAMES.map((card) => CARDS[card].tabs.length)) : 1;
    for (let turn = 0; turn < most; turn++) {
      const tabs = CARD_NAMES.flatMap((card) => {
        const tab = CARDS[card].tabs[turn];
        return tab ? [`&${card}=${tab.name}`] : [];
      });
      const asked = questions(parseState(`?range=30d&compare=${compare}${tabs.join("")}`));
      for (const [name, query] of Object.entries(asked)) {
        const card = CARD_NAMES.find((one) => one === name);
        if (turn === 0 || (card && CARDS[card].tabs[turn])) named.push([`${name}-${turn}${suffix}`, query]);
      }
    }
    return Object.fromEntries(named);
  };
}

function asker(url: string, project: string, token: string): Ask {
  return async (route, body) => {
    const target = body ? `/api/v1/query/${project}/${route}` : `/api/v1/analytics/${project}/${route}`;
    const started = performance.now();
    const response = await fetch(url + target, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body ? JSON.stringify(body) : undefined,
    });
    const text = await response.text();
    const ms = performance.now() - started;
    if (!response.ok) throw new Error(`query: ${target} answered ${response.status} ${text}`);
    const refused = text.match(/"status":\d+,"detail":"[^"]*"/);
    if (refused) throw new Error(`query: ${refused[0]}`);
    const sources = new Set([...text.matchAll(/"source":"(\w+)"/g)].map(([, source]) => source));
    return { ms, source: [...sources].join(" + "), cached: response.headers.get("x-answer") === "kept" };
  };
}

async function signIn(
  url: string,
  { email, password }: { email: string; password: string },
): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}
