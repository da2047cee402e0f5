/**
 * Money in several currencies. Amounts are in minor units of their own currency and are converted at the euro reference rate
 * of their day; amounts in different currencies are never added.
 * @module
 */

import { Lru } from "../../lib/lru";

/** Creating a format takes longer than converting an amount. */
const knownDigits = new Lru<string, number>({ maxEntries: 500 });

/** Decimals of a currency's minor unit (ISO 4217, from Intl): 2 for EUR, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number => knownDigits.getOrCreate(currency, readMinorDigits);

function readMinorDigits(currency: string): number {
  // A text that is not an ISO code, such as a CRM's own, has no rate.
  if (!/^[A-Za-z]{3}$/.test(currency)) return 2;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** Converts decimal text in major units to minor units without floating-point error: `12.34` EUR is 1234. */
export const minorOfText = (text: string, currency: string): number =>
  Number(`${text}e${minorDigits(currency)}`);

/** Converts major units to minor units, rounded to a millionth: 19.99 × 100 is 1998.9999999999998. */
export const minorOfMajor = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** (minorDigits(currency) + 6)) / 1e6;

/** Converts millionths of a major unit to minor units; may be a fraction. */
export const minorOfMicros = (micros: number, currency: string): number =>
  micros / 10 ** (6 - minorDigits(currency));

/** A reference rate: units of the currency for one euro on a day. */
export interface Rate {
  currency: string;
  /** `YYYY-MM-DD` */
  day: string;
  per_euro: number;
}

/** Euro reference rates of some currencies over some days. */
export class Rates {
  readonly #byCurrency: Map<string, Rate[]>;

  /** `rates` in any order. */
  constructor(rates: readonly Rate[]) {
    this.#byCurrency = Map.groupBy(rates, ({ currency }) => currency);
    for (const own of this.#byCurrency.values()) own.sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  /**
   * Converts minor units of one currency to major units of another, at the latest rates published up to the day (none on
   * weekends and holidays); null without a rate.
   */
  convert(minor: number, from: string, to: string, day: string): number | null {
    const major = minor / 10 ** minorDigits(from);
    if (from === to) return major;
    const [own, wanted] = [this.#perEuro(from, day), this.#perEuro(to, day)];
    return own === null || wanted === null ? null : (major * wanted) / own;
  }

  #perEuro(currency: string, day: string): number | null {
    if (currency === "EUR") return 1;
    const rates = this.#byCurrency.get(currency) ?? [];
    let [low, high] = [0, rates.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rates[middle]?.day ?? "") <= day) low = middle + 1;
      else high = middle;
    }
    return rates[low - 1]?.per_euro ?? null;
  }
}
