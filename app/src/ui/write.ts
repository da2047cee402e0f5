/**
 * Formats values of any metric: counts, shares, durations, money and plain quotients.
 * @module
 */
import { exact, type Figure, figures, number, precise, type Unit } from "./format";

/** How a metric's values are formatted. */
export interface Written {
  /** `count`, `ratio`, `ms` or `currency:EUR`; any other unit is formatted as a count. */
  unit: string;
  /** True for a ratio that is not a share, such as views per session. */
  decimal?: boolean;
}

function currencyOf(unit: string): string | undefined {
  return unit.startsWith("currency:") ? unit.slice("currency:".length) : undefined;
}
const money = (currency: string, locale: string, options: Intl.NumberFormatOptions = {}) =>
  number(locale, { style: "currency", currency, ...options });
const plain = (unit: string): Unit => (unit === "ratio" || unit === "ms" ? unit : "count");

/** Formats a value for a card: compact, with its unit apart. */
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

/** Formats a value as one compact text, for axes and narrow rows. */
export function brief(value: number, measure: Written, locale: string): string {
  return pieces(value, measure, locale)
    .map((part) => part.value + part.unit)
    .join(" ");
}

/** Formats a value exactly, for tables and tooltips; a dash for null. */
export function full(value: number | null, measure: Written, locale: string): string {
  if (value === null) return "–";
  const currency = currencyOf(measure.unit);
  if (currency) return money(currency, locale).format(value);
  return measure.decimal ? exact(value, locale) : precise(value, plain(measure.unit), locale);
}
