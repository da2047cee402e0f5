/**
 * An access log imported, then counted three ways: by the API, by DuckDB over the lake, and by a few lines that apply
 * the importer's documented rule to the file. `ACCESS_LOG` names a log of your own.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isbot } from "isbot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openLake } from "../support/lake-files.ts";
import { makeLog } from "../support/make-log.ts";
import { type Product, type Project, startProduct } from "../support/product.ts";

const RANGE = "from=2015-05-01&to=2015-06-01";
const folder = mkdtempSync(path.join(tmpdir(), "selvedge-log-"));
const LOG = process.env.ACCESS_LOG ?? path.join(folder, "access.log");
let product: Product;
let project: Project;
let printed: string;

async function importLog(): Promise<string> {
  const args = ["--project", project.id, "--token", product.token, "--url", product.server.url];
  const child = spawn(process.execPath, ["demo/cli/import.ts", LOG, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (text) => {
    output += text;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  expect(code).toBe(0);
  return output;
}

/** An independent implementation of the rule: which lines are page views. */
function countFile(): {
  views: number;
  byHour: Map<string, number>;
  visitors: number;
  paths: Map<string, number>;
} {
  const line =
    /^(\S+) \S+ \S+ \[(\d+)\/(\w+)\/(\d+):(\d+):(\d+):(\d+) ([+-]\d{4})\] "(\S+) (\S+)[^"]*" (\d+) \S+(?: "[^"]*" "((?:[^"\\]|\\.)*)")?/;
  const byHour = new Map<string, number>();
  const paths = new Map<string, number>();
  const people = new Set<string>();
  let views = 0;
  for (const text of readFileSync(LOG, "utf8").split("\n")) {
    const found = line.exec(text);
    if (!found) continue;
    const [, ip, day, month, year, hour, minute, second, offset, method, target = "", status, agent = "-"] =
      found;
    const pathname = target.split(/[?#]/)[0] ?? "";
    const extension = /\.(?=\d*[a-z])([a-z0-9]{1,5})$/i.exec(pathname)?.[1]?.toLowerCase();
    const pages = ["html", "htm", "xhtml", "shtml", "php", "phtml", "asp", "aspx", "jsp", "cgi", "do"];
    if (method !== "GET" || (status !== "200" && status !== "304")) continue;
    if (extension && !pages.includes(extension)) continue;
    if (
      /\/(feed|rss|atom)\/?$/i.test(pathname) ||
      /[?&](flav|feed|format|type|output)=(rss|atom|rdf)/i.test(target)
    )
      continue;
    if (agent === "-" || agent === "" || isbot(agent.slice(0, 512))) continue;
    const time = new Date(`${day} ${month} ${year} ${hour}:${minute}:${second} ${offset}`).toISOString();
    views++;
    byHour.set(time.slice(0, 13), (byHour.get(time.slice(0, 13)) ?? 0) + 1);
    paths.set(pathname, (paths.get(pathname) ?? 0) + 1);
    people.add(`${time.slice(0, 10)} ${ip} ${agent}`);
  }
  return { views, byHour, visitors: people.size, paths };
}

beforeAll(async () => {
  if (!process.env.ACCESS_LOG) writeFileSync(LOG, makeLog(4000));
  product = await startProduct();
  project = await product.makeProject("Log");
  printed = await importLog();
  await product.settled(project.id, countFile().views, RANGE);
});
afterAll(async () => {
  await product?.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Numbers {
  overview: Record<string, { value: number }>;
  hours: [string, number][];
  paths: [string, number, number][];
}

async function apiNumbers(): Promise<Numbers> {
  const base = `/api/v1/analytics/${project.id}`;
  const { metrics } = await product.api<{ metrics: Numbers["overview"] }>("GET", `${base}/overview?${RANGE}`);
  const series = await product.api<{ data: { bucket: number | string; value: number }[] }>(
    "GET",
    `${base}/timeseries?granularity=hour&${RANGE}`,
  );
  const top = await product.api<{ rows: [string, number, number][] }>("POST", `/api/v1/query/${project.id}`, {
    dataset: "events",
    metrics: ["pageviews", "visitors"],
    dimensions: ["event:path"],
    range: { from: "2015-05-01", to: "2015-06-01" },
    order_by: [{ name: "pageviews" }, { name: "event:path", direction: "asc" }],
    limit: 20,
  });
  const hours = series.data.filter(({ value }) => value > 0);
  return {
    overview: metrics,
    hours: hours.map(({ bucket, value }): [string, number] => [
      new Date(bucket).toISOString().slice(0, 13),
      value,
    ]),
    paths: top.rows,
  };
}

describe("an imported access log", () => {
  it("gives the same totals, hours, visitors and paths as a count of the file", async () => {
    const file = countFile();
    const api = await apiNumbers();
    expect(printed).toMatch(new RegExp(`accepted\\s+${file.views.toLocaleString("en")}`));
    expect(api.overview.events?.value).toBe(file.views);
    expect(api.overview.pageviews?.value).toBe(file.views);
    expect(api.overview.visitors?.value).toBe(file.visitors);
    expect(api.hours).toEqual([...file.byHour].sort());
    for (const [name, views] of api.paths) expect(views, name).toBe(file.paths.get(name));
  });

  it("gives the same totals, hours, visitors, sessions and paths as DuckDB over the lake", async () => {
    const lake = await openLake(product.server.miniflare, path.join(folder, "lake"));
    const api = await apiNumbers();
    const [totals] = await lake.query("SELECT count(*), count(DISTINCT visitor_id) FROM events");
    expect([api.overview.events?.value, api.overview.visitors?.value]).toEqual(totals);
    const sessions = await lake.query(`
      WITH gaps AS (SELECT visitor_id, timestamp, path,
          epoch_ms(timestamp) - lag(epoch_ms(timestamp)) OVER w > 1800000 IS NOT FALSE AS starts
        FROM events WINDOW w AS (PARTITION BY visitor_id ORDER BY timestamp, event_id)),
      numbered AS (SELECT *, sum(starts::int) OVER (PARTITION BY visitor_id ORDER BY timestamp) AS session FROM gaps),
      each AS (SELECT count(*) AS views, epoch_ms(max(timestamp)) - epoch_ms(min(timestamp)) AS lasted
        FROM numbered GROUP BY visitor_id, session)
      SELECT count(*), avg((views = 1)::int), avg(lasted) FROM each`);
    const { sessions: count, bounce_rate, session_duration_ms } = api.overview;
    const [[expectedCount, expectedBounces, expectedDuration] = []] = sessions;
    expect(count?.value).toBe(expectedCount);
    expect(bounce_rate?.value).toBeCloseTo(Number(expectedBounces), 9);
    expect(session_duration_ms?.value).toBeCloseTo(Number(expectedDuration), 3);
    const hours = await lake.query(
      "SELECT strftime(date_trunc('hour', timestamp), '%Y-%m-%dT%H'), count(*) FROM events GROUP BY 1 ORDER BY 1",
    );
    expect(api.hours).toEqual(hours);
    const paths = await lake.query(
      "SELECT path, count(*), count(DISTINCT visitor_id) FROM events GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20",
    );
    expect(api.paths).toEqual(paths);
    lake.close();
  });

  it("changes nothing when it is imported again", async () => {
    const before = await apiNumbers();
    await importLog();
    await product.api("POST", `/api/v1/projects/${project.id}/rebuild`, {});
    await product.settled(project.id, countFile().views, RANGE);
    expect(await apiNumbers()).toEqual(before);
    const lake = await openLake(product.server.miniflare, path.join(folder, "lake-again"));
    expect(await lake.query("SELECT count(*) FROM events")).toEqual([[countFile().views]]);
    lake.close();
  });
});
