/**
 * Money of several currencies. Amounts travel in minor units of their own currency and are converted by the euro
 * reference rates of their day; amounts of unlike currencies are never added up.
 * @module
 */

import { Lru } from "../../lib/lru";

/** Making a format takes longer than converting an amount. */
const knownDigits = new Lru<string, number>({ maxEntries: 500 });

/** Decimals of a currency's minor unit (ISO 4217, as ECMA-402 carries it): 2 for EUR, 0 for JPY, 3 for KWD. */
export const minorDigits = (currency: string): number => knownDigits.getOrCreate(currency, readMinorDigits);

function readMinorDigits(currency: string): number {
  // A text that is not a code, such as a CRM's own, has no rate.
  if (!/^[A-Za-z]{3}$/.test(currency)) return 2;
  const format = new Intl.NumberFormat("en", { style: "currency", currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** Decimal text of major units as minor units, without the rounding of a multiplication: `12.34` EUR is 1234. */
export const minorOfText = (text: string, currency: string): number =>
  Number(`${text}e${minorDigits(currency)}`);

/** Major units as minor units, to a millionth of one: 19.99 × 100 is 1998.9999999999998. */
export const minorOfMajor = (amount: number, currency: string): number =>
  Math.round(amount * 10 ** (minorDigits(currency) + 6)) / 1e6;

/** Millionths of a major unit as minor units; may be a fraction. */
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
   * Minor units of one currency as major units of another, at the latest rates published up to the day (none are on
   * weekends and holidays); null when there is none.
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
