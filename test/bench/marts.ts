/**
 * A state folder with marts of ads of several sizes, two years each: created once per day and source digest, because
 * five million rows take a minute to write.
 * @module
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ulid } from "ulid";
import { ROOT } from "../../demo/fresh-build.ts";
import { type Server, startServer } from "../../demo/server.ts";
import type { AdsCampaignRow, AdsRow } from "../../schema/wire/mart.ts";
import type { RowOf } from "../../worker/pipeline/lake/columns.ts";
import { encodeSegment } from "../../worker/pipeline/lake/encode.ts";
import { type SegmentInfo, segmentPath } from "../../worker/pipeline/lake/segment.ts";
import { makeRandom } from "../worker/pipeline/lake/make-rows.ts";

const DAY_MS = 86_400_000;
const DAYS = 730;
/** Ads of a campaign, in two ad groups; a campaign of a large account has seven. */
const ADS_A_CAMPAIGN = 7;
const PASSWORD = "correct horse battery staple";
/** Platforms with their share of campaigns. */
const PLATFORMS = [
  ["google_ads", 0.5, "EUR"],
  ["meta_ads", 0.3, "EUR"],
  ["linkedin_ads", 0.2, "USD"],
] as const;
/** Sources that determine the state. */
const SOURCES = [
  "worker/pipeline/lake/columns.ts",
  "worker/pipeline/lake/encode.ts",
  "worker/pipeline/lake/chunk-encode.ts",
  "worker/pipeline/lake/page.ts",
  "schema/wire/mart.ts",
  "schema/migrations",
  "test/bench/marts.ts",
];

/** A project with two years of ads. */
export interface AdsProject {
  project: string;
  rows: number;
  campaignRows: number;
  bytes: number;
  seconds: number;
}

export interface PreparedAds {
  state: string;
  email: string;
  password: string;
  projects: AdsProject[];
}

/** Returns the state folder for the sizes (rows of `ads_ads`), filling it if it does not exist. */
export async function prepareAds(
  sizes: readonly number[],
  say: (text: string) => void,
): Promise<PreparedAds> {
  const root = path.join(tmpdir(), "selvedge-bench-ads");
  const state = path.join(root, digest(sizes));
  const file = path.join(state, "prepared.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  rmSync(root, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const account = { email: "ada@example.com", password: PASSWORD };
  const prepared: PreparedAds = { state, ...account, projects: [] };
  const server = await startServer({ port: 0, state });
  try {
    const { access_token } = await post<{ access_token: string }>(server, "auth/register", account);
    for (const size of sizes) {
      const body = { name: `${size} rows`, timezone: "UTC" };
      const { id } = await post<{ id: string }>(server, "projects", body, access_token);
      prepared.projects.push(await fill(server, id, size, say));
    }
  } finally {
    await server.close();
  }
  writeFileSync(file, JSON.stringify(prepared));
  return prepared;
}

async function post<T>(server: Server, route: string, body: unknown, token?: string): Promise<T> {
  const response = await fetch(`${server.url}/api/v1/${route}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`bench: ${route} answered ${response.status}`);
  return (await response.json()) as T;
}

async function fill(
  server: Server,
  project: string,
  size: number,
  say: (text: string) => void,
): Promise<AdsProject> {
  say(`writing ${size.toLocaleString("en")} rows`);
  const started = performance.now();
  const campaigns = Math.max(2, Math.round(size / DAYS / ADS_A_CAMPAIGN));
  const today = Math.floor(Date.now() / DAY_MS);
  const random = makeRandom(size);
  const done = { project, rows: 0, campaignRows: 0, bytes: 0, seconds: 0 };
  for (const [platform, days] of monthsOf(today)) {
    const rows = days.flatMap((day) => rowsOf(project, platform, day, campaigns, random));
    if (!rows.length) continue;
    const partition = `${platform}/${new Date((days[0] ?? 0) * DAY_MS).toISOString().slice(0, 7)}`;
    const sums = campaignsOf(rows);
    done.bytes += await putPart(server, project, "ads_ads", partition, rows);
    await putPart(server, project, "ads_campaigns", partition, sums);
    done.rows += rows.length;
    done.campaignRows += sums.length;
  }
  for (const dataset of ["ads_ads", "ads_campaigns"]) await putPartRow(server, project, dataset, "", null);
  done.seconds = (performance.now() - started) / 1000;
  return done;
}

/** Days since 1970 by platform and month. */
function monthsOf(today: number): [(typeof PLATFORMS)[number], number[]][] {
  const days = Array.from({ length: DAYS }, (_, i) => today - DAYS + 1 + i);
  const months = Map.groupBy(days, (day) => new Date(day * DAY_MS).toISOString().slice(0, 7));
  return PLATFORMS.flatMap((platform) =>
    [...months.values()].map((month): [(typeof PLATFORMS)[number], number[]] => [platform, month]),
  );
}

/** Results of a platform's ads on a day: a few spend most; amounts have fractions like converted money. */
function rowsOf(
  project: string,
  [platform, share, currency]: (typeof PLATFORMS)[number],
  day: number,
  campaigns: number,
  random: () => number,
): AdsRow[] {
  const rows: AdsRow[] = [];
  const own = Math.max(1, Math.round(campaigns * share));
  for (let campaign = 0; campaign < own; campaign++) {
    for (let ad = 0; ad < ADS_A_CAMPAIGN; ad++) {
      const impressions = Math.floor(random() ** 3 * 20_000);
      const clicks = Math.floor(impressions * random() * 0.05);
      const spend_minor = Math.round(clicks * random() * 150);
      const conversions = Math.round(clicks * random() * 10) / 100;
      const value_minor = Math.round(conversions * 8_000);
      const rate = currency === "EUR" ? 100 : 108 + (day % 90) / 10;
      const name = `${platform} campaign ${campaign}`;
      rows.push({
        project_id: project,
        date: day * DAY_MS,
        platform,
        source_id: platform,
        account_id: `${platform}-1`,
        account: `Account of ${platform}`,
        campaign_id: `${platform}-${campaign}`,
        campaign: name,
        status: campaign % 17 === 16 ? "removed" : campaign % 5 === 4 ? "paused" : "active",
        currency,
        utm_source: platform.split("_")[0] ?? null,
        utm_medium: "cpc",
        utm_campaign: `campaign-${campaign}`,
        ad_group_id: `${platform}-${campaign}-${ad % 2}`,
        ad_group: `${name} group ${ad % 2}`,
        ad_id: `${platform}-${campaign}-${ad}`,
        ad: `${name} ad ${ad}`,
        creative: `Creative ${ad}`,
        impressions,
        clicks,
        spend_minor,
        spend: spend_minor / rate,
        conversions,
        value_minor,
        value: value_minor / rate,
      });
    }
  }
  return rows;
}

/** Days of campaigns: the generator lists the ads of a campaign one after another. */
function campaignsOf(rows: readonly AdsRow[]): AdsCampaignRow[] {
  const sums: AdsCampaignRow[] = [];
  for (let first = 0; first < rows.length; first += ADS_A_CAMPAIGN) {
    const { ad_group_id, ad_group, ad_id, ad, creative, ...sum } = rows[first]!;
    for (let i = first + 1; i < first + ADS_A_CAMPAIGN; i++) {
      const row = rows[i]!;
      sum.impressions += row.impressions;
      sum.clicks += row.clicks;
      sum.spend_minor += row.spend_minor;
      sum.spend = (sum.spend ?? 0) + (row.spend ?? 0);
      sum.conversions += row.conversions;
      sum.value_minor += row.value_minor;
      sum.value = (sum.value ?? 0) + (row.value ?? 0);
    }
    sums.push(sum);
  }
  return sums;
}

async function putPart<D extends "ads_ads" | "ads_campaigns">(
  server: Server,
  project: string,
  dataset: D,
  partition: string,
  rows: readonly RowOf<D>[],
): Promise<number> {
  const { bytes, ...known } = encodeSegment(dataset, rows);
  const info: Omit<SegmentInfo, "bytes"> = { id: ulid(), dataset, level: 0, seq: 0, created_at: 0, ...known };
  const bucket = await server.miniflare.getR2Bucket("LAKE");
  await bucket.put(`shard=0/${segmentPath(dataset, 0, info.id)}`, bytes);
  const db = await server.miniflare.getD1Database("SHARD_0");
  await db
    .prepare(
      `INSERT INTO segments (id, dataset, level, rows, bytes, min_time, max_time, projects, seq, created_at)
       VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, 0, ?8)`,
    )
    .bind(
      info.id,
      dataset,
      info.rows,
      bytes.length,
      info.min_time,
      info.max_time,
      JSON.stringify(info.projects),
      Date.now(),
    )
    .run();
  await putPartRow(server, project, dataset, partition, info.id);
  return bytes.length;
}

async function putPartRow(
  server: Server,
  project: string,
  dataset: string,
  partition: string,
  segment: string | null,
): Promise<void> {
  const db = await server.miniflare.getD1Database("SHARD_0");
  await db
    .prepare(
      `INSERT INTO marts (project, dataset, partition, segment, complete_until, built_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?5)`,
    )
    .bind(project, dataset, partition, segment, Date.now())
    .run();
}

/** Like a sync: the newest parts of every level are built again, as objects that have not been read. */
export async function rebuildNewest(server: Server, project: string): Promise<void> {
  const db = await server.miniflare.getD1Database("SHARD_0");
  const bucket = await server.miniflare.getR2Bucket("LAKE");
  const month = new Date().toISOString().slice(0, 7);
  const { results } = await db
    .prepare("SELECT dataset, segment FROM marts WHERE project = ?1 AND partition GLOB ?2")
    .bind(project, `*/${month}`)
    .all<{ dataset: "ads_ads" | "ads_campaigns"; segment: string }>();
  for (const { dataset, segment } of results) {
    const object = await bucket.get(`shard=0/${segmentPath(dataset, 0, segment)}`);
    if (!object) throw new Error(`bench: ${segment} is gone`);
    const id = ulid();
    await bucket.put(`shard=0/${segmentPath(dataset, 0, id)}`, await object.arrayBuffer());
    await db.batch([
      db.prepare("UPDATE segments SET id = ?3 WHERE dataset = ?1 AND id = ?2").bind(dataset, segment, id),
      db
        .prepare("UPDATE marts SET segment = ?3, built_at = ?4 WHERE project = ?1 AND segment = ?2")
        .bind(project, segment, id, Date.now()),
    ]);
    await bucket.delete(`shard=0/${segmentPath(dataset, 0, segment)}`);
  }
}

function digest(sizes: readonly number[]): string {
  const hash = createHash("sha256").update(JSON.stringify([sizes, new Date().toISOString().slice(0, 10)]));
  for (const source of SOURCES) {
    const place = path.join(ROOT, source);
    const files = source.endsWith(".ts")
      ? [place]
      : readdirSync(place, { recursive: true, encoding: "utf8" })
          .filter((name) => /\.(ts|sql)$/.test(name))
          .sort()
          .map((name) => path.join(place, name));
    for (const file of files) hash.update(file).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}
