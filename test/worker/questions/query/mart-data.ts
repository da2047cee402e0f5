/**
 * Builds marts: segments, their manifest rows, and their parts.
 */
import { env } from "cloudflare:workers";
import { ulid } from "ulid";
import type { AdsCampaignRow, AdsRow } from "../../../../schema/wire/mart";
import { addSegment, type Dataset, type RowOf, writeSegment } from "../../../../worker/pipeline/lake";
import { LAKE } from "../../../support/lake";

/** Writes a mart with these rows, complete until `until`; its previous parts are replaced. */
export async function putMart<D extends Dataset>(
  project: string,
  dataset: D,
  parts: Readonly<Record<string, readonly RowOf<D>[]>>,
  { now, until }: { now: number; until: number | null },
): Promise<void> {
  const db = env.SHARD_0;
  const statements = [
    db
      .prepare(
        `UPDATE segments SET dead_at = ?3 WHERE dataset = ?2
         AND id IN (SELECT segment FROM marts WHERE project = ?1 AND dataset = ?2)`,
      )
      .bind(project, dataset, now),
    db.prepare("DELETE FROM marts WHERE project = ?1 AND dataset = ?2").bind(project, dataset),
  ];
  const insert = (partition: string, segment: string | null, complete: number | null) =>
    db
      .prepare(
        `INSERT INTO marts (project, dataset, partition, segment, complete_until, built_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
      )
      .bind(project, dataset, partition, segment, complete, now);
  for (const [partition, rows] of Object.entries(parts)) {
    if (!rows.length) {
      statements.push(insert(partition, null, null));
      continue;
    }
    const at = { id: ulid(), level: 0, seq: 0, now };
    const segment = await writeSegment(LAKE, dataset, rows, at);
    statements.push(addSegment(db, segment), insert(partition, segment.id, null));
  }
  statements.push(insert("", null, until));
  await db.batch(statements);
}

/** Rows by source and month. */
export function byMonth<R extends { source_id: string; date: number }>(rows: readonly R[]) {
  const parts = Map.groupBy(
    rows,
    ({ source_id, date }) => `${source_id}/${new Date(date).toISOString().slice(0, 7)}`,
  );
  return Object.fromEntries(parts);
}

const CAMPAIGN = [
  "project_id",
  "date",
  "platform",
  "source_id",
  "account_id",
  "account",
  "campaign_id",
  "campaign",
  "status",
  "currency",
  "utm_source",
  "utm_medium",
  "utm_campaign",
] as const;

/** Days of campaigns, summed over days of ads. */
export function campaignsOf(rows: readonly AdsRow[]): AdsCampaignRow[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(CAMPAIGN.map((name) => row[name])));
  return [...groups.values()].map((group) => {
    const { ad_group_id, ad_group, ad_id, ad, creative, ...first } = group[0]!;
    const add = (of: (row: AdsRow) => number) => group.reduce((sum, row) => sum + of(row), 0);
    const addKnown = (name: "spend" | "value") =>
      group.every((row) => row[name] === null) ? null : add((row) => row[name] ?? 0);
    return {
      ...first,
      impressions: add((row) => row.impressions),
      clicks: add((row) => row.clicks),
      spend_minor: add((row) => row.spend_minor),
      spend: addKnown("spend"),
      conversions: add((row) => row.conversions),
      value_minor: add((row) => row.value_minor),
      value: addKnown("value"),
    };
  });
}

/** A day of an ad with all zeros. */
export function makeAd(given: Partial<AdsRow> & { date: number }): AdsRow {
  return {
    project_id: "p",
    platform: "google_ads",
    source_id: "s1",
    account_id: "a1",
    account: "Shop",
    campaign_id: "c1",
    campaign: "Spring",
    status: "active",
    currency: "EUR",
    utm_source: "google",
    utm_medium: "cpc",
    utm_campaign: "spring",
    ad_group_id: "g1",
    ad_group: "Shoes",
    ad_id: "ad1",
    ad: "Red shoes",
    creative: null,
    impressions: 0,
    clicks: 0,
    spend_minor: 0,
    spend: 0,
    conversions: 0,
    value_minor: 0,
    value: 0,
    ...given,
  };
}
