/**
 * A dashboard of twenty widgets over 30 days, at increasing numbers of events, through the whole local server: its
 * results by the API, and the rendered page, each after a fold, so that no cached response is used.
 * @module
 */
import { buildIfStale } from "../../demo/fresh-build.ts";
import { startServer } from "../../demo/server.ts";
import type { DashboardContent, DashboardTemplate, Widget } from "../../schema/wire/dashboard.ts";
import { percentile } from "./measure.ts";
import { prepareMonths } from "./month.ts";
import type { Bench, Cell, Check } from "./report.ts";
import { sized } from "./size.ts";

const SIZES = sized([10_000, 1_000_000, 5_000_000], [1_000, 2_000]);
const WIDGETS = 20;
/** Their widgets make the dashboard, in this order, if rollups answer them. */
const TEMPLATES = ["web-overview", "acquisition", "audience", "locations", "campaigns"];
const CALLS = sized(40, 2);
const WARM_UPS = sized(5, 1);
const MOST_MS = 300;

interface Signed {
  url: string;
  authorization: string;
  cookie: string;
}

export const benchWidgets: Bench = async (say) => {
  buildIfStale();
  const sizes = process.env.BENCH_EVENTS?.split(",").map(Number) ?? SIZES;
  const prepared = await prepareMonths(sizes, say);
  const server = await startServer({ port: 0, state: prepared.state, vars: { ASK_MB_A_MINUTE: "1000000" } });
  try {
    const signed = await signIn(server.url, prepared);
    const db = await server.miniflare.getD1Database("SHARD_0");
    const rows: Record<string, Cell>[] = [];
    const checks: Check[] = [];
    for (const { project, events } of prepared.months) {
      say(`asking about ${events.toLocaleString("en")} events`);
      const dashboard = await makeDashboard(signed, project);
      const api = `/api/v1/projects/${project}/dashboards/${dashboard}`;
      const calls = {
        "20 widgets, results": async () => {
          const text = await fetchText(signed, `${api}/results`, "POST", {});
          const refused = text.match(/"status":\d+,"detail":"[^"]*"/);
          if (refused) throw new Error(`widgets: ${refused[0]}`);
        },
        "20 widgets, page": () => fetchText(signed, `/projects/${project}/dashboards/${dashboard}`),
      };
      for (const [what, call] of Object.entries(calls)) {
        const ms: number[] = [];
        for (let turn = -WARM_UPS; turn < CALLS; turn++) {
          // For caches that are valid until the next fold, this is one.
          await db.prepare("UPDATE fold_state SET seq = seq + 1 WHERE project = ?1").bind(project).run();
          const started = performance.now();
          await call();
          if (turn >= 0) ms.push(performance.now() - started);
        }
        const p95 = percentile(ms, 0.95);
        rows.push({ events, what, "p50 ms": percentile(ms, 0.5), "p95 ms": p95, "max ms": Math.max(...ms) });
        checks.push({ what: `${what}, ${events} events, p95`, value: p95, unit: "ms", most: MOST_MS });
      }
      await fetchText(signed, api, "DELETE");
    }
    return {
      tables: [{ title: "widgets: a dashboard of 20, 30 days compared, each time after a fold", rows }],
      checks,
    };
  } finally {
    await server.close();
  }
};

/** Creates the dashboard of the first widgets of the templates that rollups answer; returns its id. */
async function makeDashboard(signed: Signed, project: string): Promise<string> {
  const path = `/api/v1/projects/${project}/dashboards`;
  const { data } = JSON.parse(await fetchText(signed, "/api/v1/dashboard-templates")) as {
    data: DashboardTemplate[];
  };
  const widgets: Widget[] = [];
  for (const name of TEMPLATES) {
    const template = data.find(({ id }) => id === name);
    if (!template) throw new Error(`widgets: there is no template ${name}`);
    const made = JSON.parse(await fetchText(signed, path, "POST", { template: name })) as { id: string };
    const { results } = JSON.parse(await fetchText(signed, `${path}/${made.id}/results`, "POST", {})) as {
      results: Record<string, { meta?: { source: string } }>;
    };
    await fetchText(signed, `${path}/${made.id}`, "DELETE");
    for (const widget of template.content.widgets ?? []) {
      if (results[widget.id]?.meta?.source !== "rollup" || widgets.length === WIDGETS) continue;
      const place = { x: (widgets.length % 3) * 4, y: Math.floor(widgets.length / 3) * 4, w: 4, h: 4 };
      widgets.push({ ...widget, id: `w${widgets.length}`, place } as Widget);
    }
  }
  if (widgets.length < WIDGETS)
    throw new Error(`widgets: rollups answer only ${widgets.length} of the widgets`);
  const content: Partial<DashboardContent> = { name: "Twenty", range: "30d", compare: "previous", widgets };
  return (JSON.parse(await fetchText(signed, path, "POST", content)) as { id: string }).id;
}

async function fetchText(signed: Signed, path: string, method = "GET", body?: unknown): Promise<string> {
  const isPage = !path.startsWith("/api/");
  const response = await fetch(signed.url + path, {
    method,
    headers: isPage
      ? { cookie: signed.cookie }
      : { authorization: signed.authorization, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    redirect: "manual",
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`widgets: ${method} ${path} answered ${response.status} ${text}`);
  return text;
}

async function signIn(
  url: string,
  { email, password }: { email: string; password: string },
): Promise<Signed> {
  const response = await fetch(`${url}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  return { url, authorization: `Bearer ${access_token}`, cookie };
}
