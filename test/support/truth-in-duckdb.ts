/**
 * The stand-ins' ads data in another engine, by SQL independent of the product's: the expected numbers.
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { SAMPLE } from "../../demo/cli/rates.ts";
import type { AdTruth } from "../../demo/vendors/ads.ts";

/** Days to read, both inclusive. */
interface Days {
  from: string;
  to: string;
}

/** Ads of a truth as plain rows: their days, and their objects with their parents. */
function rowsOf(platform: string, truth: AdTruth, { from, to }: Days) {
  const objects = [...truth.campaigns, ...truth.groups, ...truth.ads, ...truth.keywords].map(
    ({ id, name, status }) => ({ platform, id, name, status }),
  );
  const accounts = truth.accounts.map(({ id, name }) => ({ platform, id, name, status: "active" }));
  const days = [
    ...truth.days(from, to).map((own) => ({ ...own, keywordId: null })),
    ...truth.keywordDays(from, to).map((own) => ({ ...own, adId: null, currency: null })),
  ];
  return { objects: [...objects, ...accounts], days: days.map((own) => ({ platform, ...own })) };
}

/**
 * Opens a database with the view `ads`: a row per ad and day, and with `keyword` a row per keyword and day; `spend` and
 * `value` in euros by the rates of the sample, `status` the most restrictive of the ad's and its parents'.
 */
export async function openTruth(truths: Record<string, AdTruth>, days: Days) {
  const folder = mkdtempSync(path.join(tmpdir(), "truth-"));
  const rows = Object.entries(truths).map(([platform, truth]) => rowsOf(platform, truth, days));
  const write = (name: string, list: object[]) => {
    const file = path.join(folder, `${name}.json`);
    writeFileSync(file, list.map((row) => JSON.stringify(row)).join("\n"));
    return `read_json('${file}', format = 'newline_delimited', sample_size = -1)`;
  };
  const instance = await DuckDBInstance.create();
  const connection = await instance.connect();
  const objects = write(
    "objects",
    rows.flatMap((own) => own.objects),
  );
  const ad_days = write(
    "days",
    rows.flatMap((own) => own.days),
  );
  await connection.run(`
    CREATE TABLE rates AS SELECT "Date", currency, per_euro FROM (
      UNPIVOT (FROM read_csv('${SAMPLE}', skip = 1, header = true, null_padding = true))
      ON COLUMNS(name -> name LIKE '___') INTO NAME currency VALUE per_euro);
    INSERT INTO rates SELECT DISTINCT "Date", 'EUR', 1 FROM rates;
    CREATE TABLE objects AS SELECT platform, CAST(id AS VARCHAR) AS id, name, status FROM ${objects};
    CREATE TABLE ad_days AS SELECT * REPLACE (CAST(accountId AS VARCHAR) AS accountId, CAST(campaignId AS VARCHAR) AS campaignId,
      CAST(groupId AS VARCHAR) AS groupId, CAST(adId AS VARCHAR) AS adId, CAST(keywordId AS VARCHAR) AS keywordId) FROM ${ad_days};
    CREATE TABLE currencies AS SELECT DISTINCT accountId, currency FROM ad_days WHERE currency IS NOT NULL;
    CREATE VIEW ads AS
      SELECT t.platform, t.day, a.name AS account, c.name AS campaign, c.id AS campaign_id, g.name AS ad_group, t.adId AS ad_id,
        k.name AS keyword, m.currency, t.keywordId IS NOT NULL AS of_keyword, t.impressions, t.clicks, t.conversions,
        t.spendMinor / CASE m.currency WHEN 'JPY' THEN 1 ELSE 100 END / r.per_euro AS spend,
        t.valueMinor / CASE m.currency WHEN 'JPY' THEN 1 ELSE 100 END / r.per_euro AS value,
        CASE WHEN 'removed' IN (c.status, g.status, d.status, k.status) THEN 'removed'
             WHEN 'archived' IN (c.status, g.status, d.status, k.status) THEN 'archived'
             WHEN 'paused' IN (c.status, g.status, d.status, k.status) THEN 'paused' ELSE 'active' END AS status
      FROM ad_days t
      JOIN currencies m ON m.accountId = t.accountId
      ASOF JOIN rates r ON r.currency = m.currency AND r."Date" <= CAST(t.day AS DATE)
      LEFT JOIN objects a ON a.platform = t.platform AND a.id = t.accountId
      LEFT JOIN objects c ON c.platform = t.platform AND c.id = t.campaignId
      LEFT JOIN objects g ON g.platform = t.platform AND g.id = t.groupId
      LEFT JOIN objects d ON d.platform = t.platform AND d.id = t.adId
      LEFT JOIN objects k ON k.platform = t.platform AND k.id = t.keywordId`);
  return {
    async query(sql: string): Promise<Record<string, unknown>[]> {
      return (await connection.runAndReadAll(sql)).getRowObjectsJS();
    },
    close() {
      connection.closeSync();
      rmSync(folder, { recursive: true });
    },
  };
}
