/**
 * Euro reference rates in the control database. They belong to the deployment, not to a project.
 * @module
 */
import { and, between, count, eq, lte, max, min, sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import { alias } from "drizzle-orm/sqlite-core";
import { currencyRates } from "../../../schema/tables/sources";
import { chunked } from "../../lib/json-params";
import { type Rate, Rates } from "../shapes/currency";

const wantedCurrencies = (currencies: Iterable<string>) =>
  sql`json_each(${JSON.stringify([...new Set(currencies)])}) wanted`;
const isWanted = eq(currencyRates.currency, sql`wanted.value`);

/** Returns the rates of the currencies from the last day published before `from` to `to`, days inclusive. */
export async function loadRates(
  control: D1Database,
  currencies: Iterable<string>,
  from: string,
  to: string,
): Promise<Rates> {
  const db = drizzle(control);
  const { currency, day, per_euro } = currencyRates;
  const earlier = alias(currencyRates, "earlier");
  const published = db
    .select({ day: max(earlier.day) })
    .from(earlier)
    .where(and(eq(earlier.currency, sql`wanted.value`), lte(earlier.day, from)));
  const rows = await db
    .select({ currency, day, per_euro })
    .from(wantedCurrencies(currencies))
    // A cross join keeps the order, so that each currency's rates are found by key.
    .crossJoin(currencyRates)
    .where(and(isWanted, lte(day, to), sql`${day} >= coalesce(${published}, ${from})`));
  return new Rates(rows);
}

/** Returns a text for each range of days, inclusive, that differs when rates of the currencies within it do. */
export async function stampRates(
  control: D1Database,
  currencies: Iterable<string>,
  ranges: readonly { from: string; to: string }[],
): Promise<string[]> {
  const { day, per_euro } = currencyRates;
  const inRange = between(day, sql`ranges.value ->> 'from'`, sql`ranges.value ->> 'to'`);
  const rows = await drizzle(control)
    .select({ stamp: sql<string>`count(${day}) || '/' || round(total(${per_euro}), 6)` })
    .from(sql`json_each(${JSON.stringify(ranges)}) ranges`)
    .crossJoin(wantedCurrencies(currencies))
    .leftJoin(currencyRates, and(isWanted, inRange))
    .groupBy(sql`ranges.key`)
    .orderBy(sql`ranges.key`);
  return rows.map(({ stamp }) => stamp);
}

/** Stores rates, replacing those of the same day. Returns how many were new or different. */
export async function saveRates(control: D1Database, rates: readonly Rate[]): Promise<number> {
  const db = drizzle(control);
  const [first, ...others] = chunked(rates.map((rate) => JSON.stringify(rate))).map((json) =>
    db
      .insert(currencyRates)
      .select(
        sql`SELECT value ->> 'day', value ->> 'currency', value ->> 'per_euro' FROM json_each(${json}) WHERE true`,
      )
      .onConflictDoUpdate({
        target: [currencyRates.currency, currencyRates.day],
        set: { per_euro: sql`excluded.per_euro` },
        setWhere: sql`${currencyRates.per_euro} <> excluded.per_euro`,
      }),
  );
  if (!first) return 0;
  const results = await db.batch([first, ...others]);
  return results.reduce((sum, { meta }) => sum + meta.changes, 0);
}

/** Returns the first and last day of each currency's rates, and how many there are. */
export async function listRates(
  control: D1Database,
): Promise<{ currency: string; from: string; to: string; days: number }[]> {
  const { currency, day } = currencyRates;
  return drizzle(control)
    .select({ currency, from: sql<string>`${min(day)}`, to: sql<string>`${max(day)}`, days: count() })
    .from(currencyRates)
    .groupBy(currency)
    .orderBy(currency);
}
