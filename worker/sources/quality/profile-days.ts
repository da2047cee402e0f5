/**
 * Reads the rows of days: counts, duplicate keys, sums, and rows that break an expectation.
 * @module
 */

import { addDays, type StoredSource } from "../connections";
import { AD_PLATFORMS, type AdDay, type AdPlatform, type Rates } from "../models";
import { daysOf } from "../records";
import type { DailyUnit } from "./ask";
import { EXPECTATIONS } from "./expectations";
import type { Breach, DayFact, Facts, VendorTotals } from "./facts";

/** Source and number of days to read, and how money is converted. */
export interface ProfileInput {
  db: D1Database;
  source: StoredSource;
  /** Undefined for streams that are not ad performance. */
  platform: AdPlatform | undefined;
  rates: Rates;
  /** The project's currency. */
  currency: string;
  /** Number of days. */
  back: number;
}

const BREACH_EXAMPLES = 3;

/** Returns the days of each unit, and the rows that break an expectation. */
export async function profileDays(
  input: ProfileInput,
  units: readonly DailyUnit[],
  reported: readonly (VendorTotals | null)[],
): Promise<{ days: DayFact[][]; expected: Facts["expected"] }> {
  const { db, source, platform, back } = input;
  const checker = new ExpectationChecker(input);
  const days: DayFact[][] = units.map(() => []);
  for (const [stream, own] of Map.groupBy(units, (unit) => unit.stream.name)) {
    const [staged] = [platform?.ads, platform?.keywords].filter((each) => each?.stream === stream);
    const facts = new Map(
      own.map((unit) => {
        const i = units.indexOf(unit);
        const blank = blankDays(unit, reported[i] ?? null, back);
        days[i] = [...blank.values()];
        return [unit.account.id, { unit, blank, keys: new Set<string>(), at: "" }];
      }),
    );
    for (const month of monthsOf(days, units, own)) {
      const name = { project: source.project_id, source: source.id, stream };
      for await (const page of daysOf(db, name, month)) {
        for (const { account, day, records } of page) {
          const into = facts.get(account);
          const fact = into?.blank.get(day);
          if (!into || !fact) continue;
          if (into.at !== day) into.keys = new Set();
          into.at = day;
          for (const record of records) {
            const row = staged?.stage(record, checker.currencyOf);
            addRow(fact, record, into.unit.stream.primaryKey, into.keys, row);
            if (row) checker.check(stream, row);
          }
        }
      }
    }
  }
  return { days, expected: platform ? checker.result() : null };
}

/** Returns empty facts from the first day with rows, at most `back` days ago, and for the days that the vendor reported. */
function blankDays(
  { rowsByDay, today }: DailyUnit,
  reported: VendorTotals | null,
  back: number,
): Map<string, DayFact> {
  const [first = today] = rowsByDay.keys();
  const wanted = [addDays(today, -back), ...(reported ? [reported.from] : [])].sort()[0] ?? today;
  const fields = new Set([...(reported?.totals.values() ?? [])].flatMap((numbers) => Object.keys(numbers)));
  const blank = new Map<string, DayFact>();
  for (let day = wanted > first ? wanted : first; day <= today; day = addDays(day, 1)) {
    const sums = Object.fromEntries([...fields].map((field) => [field, 0]));
    const counts = { rows: 0, duplicates: 0, impressions: 0, clicks: 0, spend_minor: 0, conversions: 0 };
    blank.set(day, { day, ...counts, sums });
  }
  return blank;
}

function monthsOf(
  days: readonly DayFact[][],
  units: readonly DailyUnit[],
  own: readonly DailyUnit[],
): string[] {
  const all = own.flatMap((unit) => days[units.indexOf(unit)] ?? []);
  return [...new Set(all.map(({ day }) => day.slice(0, 7)))].sort();
}

/** Adds a row to its day. */
function addRow(
  fact: DayFact,
  record: Record<string, unknown>,
  primaryKey: readonly string[],
  keys: Set<string>,
  row: AdDay | undefined,
) {
  const key = JSON.stringify(primaryKey.map((name) => record[name]));
  fact.rows += 1;
  if (keys.has(key)) fact.duplicates += 1;
  keys.add(key);
  for (const field of Object.keys(fact.sums))
    fact.sums[field] = (fact.sums[field] ?? 0) + Number(record[field] ?? 0);
  if (!row) return;
  fact.impressions += row.impressions;
  fact.clicks += row.clicks;
  fact.spend_minor += row.spend_minor;
  fact.conversions += row.conversions;
}

/** Checks rows against the expectations. */
class ExpectationChecker {
  #rows = 0;
  readonly #breaches = new Map<string, Breach>();
  readonly #rules;
  readonly currencyOf: (account: string) => string;

  constructor(readonly input: ProfileInput) {
    const { source, currency } = input;
    const platform = AD_PLATFORMS[source.driver];
    const currencies = new Map(source.accounts.map((account) => [account.id, account.currency]));
    this.currencyOf = (account) => currencies.get(account) ?? currency;
    this.#rules = EXPECTATIONS.filter(
      ({ appliesTo }) => !appliesTo || (platform !== undefined && appliesTo(platform)),
    );
  }

  check(stream: string, row: AdDay): void {
    const { rates, currency } = this.input;
    const spend = rates.convert(row.spend_minor, this.currencyOf(row.account_id), currency, row.day);
    this.#rows += 1;
    for (const { name, isMet } of this.#rules) {
      if (isMet({ ...row, spend })) continue;
      const breach = this.#breaches.get(name) ?? { expectation: name, rows: 0, examples: [] };
      breach.rows += 1;
      const { day, account_id, campaign_id, ad_id, keyword_id } = row;
      if (breach.examples.length < BREACH_EXAMPLES)
        breach.examples.push({ stream, day, account_id, campaign_id, ad_id, keyword_id });
      this.#breaches.set(name, breach);
    }
  }

  result(): Facts["expected"] {
    return { rows: this.#rows, breaches: [...this.#breaches.values()] };
  }
}
