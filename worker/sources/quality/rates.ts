/**
 * Finds days with amounts without an exchange rate.
 * @module
 */
import { addDays, type StoredSource } from "../connections";
import type { DailyUnit } from "./ask";
import type { Facts, MissingRate } from "./facts";

/** Rates are published on working days; a rate is valid for a limited number of days after it. */
const VALID_DAYS = 10;
/** The currency that rates are quoted against. */
const BASE = "EUR";

interface Known {
  currency: string;
  from: string;
  to: string;
}

/** Returns the currencies of a source's accounts that are converted, and the days without a rate. */
export function missingRates(
  known: readonly Known[],
  source: StoredSource,
  currency: string,
  units: readonly DailyUnit[],
  today: string,
): Facts["rates"] {
  const accounts = source.accounts.filter(
    (own) => own.selected && own.currency !== null && own.currency !== currency,
  );
  const currencies = [...new Set(accounts.flatMap((own) => own.currency ?? []))];
  const missing = currencies.flatMap((own): MissingRate[] => {
    const of = new Set(accounts.filter((account) => account.currency === own).map(({ id }) => id));
    const days = units
      .filter(({ account }) => of.has(account.id))
      .flatMap(({ rowsByDay }) => [...rowsByDay.keys()]);
    const checked = [...new Set(units.length > 0 ? days : [today])].sort();
    const missing = checked.filter((day) => !hasRate(own, day) || !hasRate(currency, day));
    return missing[0] === undefined ? [] : [{ currency: own, days: missing.length, first: missing[0] }];
  });
  return { currencies, missing };

  function hasRate(of: string, day: string): boolean {
    if (of === BASE) return true;
    const own = known.find((each) => each.currency === of);
    return own !== undefined && own.from <= day && day <= addDays(own.to, VALID_DAYS);
  }
}
