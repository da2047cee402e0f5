/**
 * Values of any metric as people read them: beside counts, shares and durations also money and plain quotients.
 * @module
 */
import { exact, type Figure, figures, number, precise, type Unit } from "./format";

/** How a metric's values are to be written. */
export interface Written {
  /** `count`, `ratio`, `ms` or `currency:EUR`; what else there may be is written as a count. */
  unit: string;
  /** True for a ratio that is no share, such as views per session. */
  decimal?: boolean;
}

function currencyOf(unit: string): string | undefined {
  return unit.startsWith("currency:") ? unit.slice("currency:".length) : undefined;
}
const money = (currency: string, locale: string, options: Intl.NumberFormatOptions = {}) =>
  number(locale, { style: "currency", currency, ...options });
const plain = (unit: string): Unit => (unit === "ratio" || unit === "ms" ? unit : "count");

/** A value in pieces for a card, compact, its unit apart. */
export function pieces(value: number, { unit, decimal }: Written, locale: string): Figure[] {
  const currency = currencyOf(unit);
  if (currency) {
    const compact = Math.abs(value) >= 10_000;
    const format = money(currency, locale, compact ? { notation: "compact", maximumFractionDigits: 1 } : {});
    return [{ value: format.format(value), unit: "" }];
  }
  if (decimal) return [{ value: exact(value, locale), unit: "" }];
  return figures(value, plain(unit), locale);
}

/** The same in one text: for axes and narrow rows. */
export function brief(value: number, measure: Written, locale: string): string {
  return pieces(value, measure, locale)
    .map((part) => part.value + part.unit)
    .join(" ");
}

/** A value in full, for tables and tooltips; a dash for none. */
export function full(value: number | null, measure: Written, locale: string): string {
  if (value === null) return "–";
  const currency = currencyOf(measure.unit);
  if (currency) return money(currency, locale).format(value);
  return measure.decimal ? exact(value, locale) : precise(value, plain(measure.unit), locale);
}
