/**
 * Euro reference rates in the control database. They belong to the deployment, not to a project.
 * @module
 */
import { chunked } from "../../lib/json-params";
import { type Rate, Rates } from "../shapes/currency";

/** Rates of the currencies from the last day published before `from` to `to`, days inclusive. */
export async function loadRates(
  control: D1Database,
  currencies: Iterable<string>,
  from: string,
  to: string,
): Promise<Rates> {
  const { results } = await control
    .prepare(
      `SELECT r.currency, r.day, r.per_euro FROM json_each(?1) j CROSS JOIN currency_rates r
         ON r.currency = j.value AND r.day <= ?3 AND r.day >= coalesce(
           (SELECT max(day) FROM currency_rates b WHERE b.currency = j.value AND b.day <= ?2), ?2)`,
    )
    .bind(JSON.stringify([...new Set(currencies)]), from, to)
    .all<Rate>();
  return new Rates(results);
}

/** A text that differs when rates of the currencies between two days, inclusive, do. */
export async function stampRates(
  control: D1Database,
  currencies: Iterable<string>,
  ranges: readonly { from: string; to: string }[],
): Promise<string[]> {
  const { results } = await control
    .prepare(
      `SELECT d.key AS range, count(r.day) || '/' || round(total(r.per_euro), 6) AS stamp
       FROM json_each(?2) d CROSS JOIN json_each(?1) j LEFT JOIN currency_rates r
         ON r.currency = j.value AND r.day BETWEEN d.value->>'from' AND d.value->>'to'
       GROUP BY d.key ORDER BY d.key`,
    )
    .bind(JSON.stringify([...new Set(currencies)]), JSON.stringify(ranges))
    .all<{ range: number; stamp: string }>();
  return results.map(({ stamp }) => stamp);
}

/** Keeps rates, in the place of those of the same day. Answers how many were new or other than before. */
export async function saveRates(control: D1Database, rates: readonly Rate[]): Promise<number> {
  const statements = chunked(rates.map((rate) => JSON.stringify(rate))).map((json) =>
    control
      .prepare(
        `INSERT INTO currency_rates (day, currency, per_euro)
         SELECT j.value->>'day', j.value->>'currency', j.value->>'per_euro' FROM json_each(?1) j WHERE true
         ON CONFLICT DO UPDATE SET per_euro = excluded.per_euro WHERE per_euro <> excluded.per_euro`,
      )
      .bind(json),
  );
  if (statements.length === 0) return 0;
  const results = await control.batch(statements);
  return results.reduce((sum, { meta }) => sum + meta.changes, 0);
}

/** First and last day of each currency's rates, and how many there are. */
export async function listRates(
  control: D1Database,
): Promise<{ currency: string; from: string; to: string; days: number }[]> {
  const { results } = await control
    .prepare(
      `SELECT currency, min(day) AS "from", max(day) AS "to", count(*) AS days FROM currency_rates
       GROUP BY currency ORDER BY currency`,
    )
    .all<{ currency: string; from: string; to: string; days: number }>();
  return results;
}
