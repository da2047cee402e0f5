/**
 * Formats numbers, durations and dates. Every function takes the locale, so that tests can choose it.
 * @module
 */

type Formatter =
  | Intl.NumberFormat
  | Intl.DateTimeFormat
  | Intl.DisplayNames
  | Intl.ListFormat
  | Intl.RelativeTimeFormat;

/** Creating a formatter takes up to 0.1 ms, using it a hundredth of that. */
const formatters = new Map<string, Formatter>();

function cached<T extends Formatter>(
  make: new (locale: string, options: never) => T,
  locale: string,
  options: object,
): T {
  const key = `${make.name} ${locale} ${JSON.stringify(options)}`;
  const found = formatters.get(key);
  if (found instanceof make) return found;
  const made = new make(locale, options as never);
  formatters.set(key, made);
  return made;
}

/** A number format, cached by locale and options. */
export const number = (locale: string, options: Intl.NumberFormatOptions) =>
  cached(Intl.NumberFormat, locale, options);
/** A date format, cached by locale and options. */
export const dateFormat = (locale: string, options: Intl.DateTimeFormatOptions) =>
  cached(Intl.DateTimeFormat, locale, options);

/** Unit of a metric: a count, a share of one, or milliseconds. */
export type Unit = "count" | "ratio" | "ms";

/** A formatted number in parts, so that its unit can be smaller. */
export interface Figure {
  value: string;
  unit: string;
}

/** `12.4` and `k`; below 10,000 the exact number and no unit. */
export function compact(value: number, locale: string): Figure[] {
  if (Math.abs(value) < 10_000) return [{ value: exact(value, locale), unit: "" }];
  const parts = number(locale, { notation: "compact", maximumFractionDigits: 1 }).formatToParts(value);
  const unit = parts.find((part) => part.type === "compact")?.value ?? "";
  const digits = parts.filter((part) => part.type !== "compact" && part.type !== "literal");
  return [{ value: digits.map((part) => part.value).join(""), unit: unit === "K" ? "k" : unit }];
}

/** All digits; at most two decimals. */
export function exact(value: number, locale: string): string {
  return number(locale, { maximumFractionDigits: 2 }).format(value);
}

/** `1 event`, `2 events`: the number in the reader's locale, the noun in the app's language. */
export function counted(value: number, noun: string, locale: string): string {
  return `${exact(value, locale)} ${value === 1 ? noun : `${noun}s`}`;
}

/** A ratio as a percentage with one decimal: 0.482 is `48.2 %`. */
export function percent(ratio: number, locale: string, digits = 1): string {
  return number(locale, { style: "percent", maximumFractionDigits: digits }).format(ratio);
}

/** Milliseconds as `2m 14s`: the two largest units. */
export function duration(ms: number): Figure[] {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return [{ value: String(seconds), unit: "s" }];
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return pair(minutes, "m", seconds % 60, "s");
  return pair(Math.floor(minutes / 60), "h", minutes % 60, "m");
}

function pair(first: number, firstUnit: string, second: number, secondUnit: string): Figure[] {
  return [
    { value: String(first), unit: firstUnit },
    { value: String(second), unit: secondUnit },
  ];
}

/** A metric's value for a card. */
export function figures(value: number, unit: Unit, locale: string): Figure[] {
  if (unit === "ms") return duration(value);
  if (unit === "count") return compact(value, locale);
  const text = percent(value, locale);
  const sign = text.match(/\s?%\s?/u);
  return sign ? [{ value: text.replace(sign[0], ""), unit: "%" }] : [{ value: text, unit: "" }];
}

/** A metric's value for a table or a tooltip, without rounding that hides a difference. */
export function precise(value: number, unit: Unit, locale: string): string {
  if (unit === "ratio") return percent(value, locale, 2);
  if (unit === "ms")
    return duration(value)
      .map((part) => part.value + part.unit)
      .join(" ");
  return exact(value, locale);
}

/** A change as `+12 %`; above tenfold as `×14`. */
export function change(ratio: number, locale: string): string {
  if (ratio >= 9.95) return `×${number(locale, { maximumFractionDigits: 0 }).format(ratio + 1)}`;
  return number(locale, {
    style: "percent",
    maximumFractionDigits: Math.abs(ratio) < 0.0995 ? 1 : 0,
    signDisplay: "exceptZero",
  })
    .format(ratio)
    .replace("-", "−");
}

/** A moment in a zone, styled by Intl options. */
export function moment(
  time: number,
  locale: string,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): string {
  return dateFormat(locale, { ...options, timeZone }).format(time);
}

/** `3 minutes ago`, with the largest unit that fits. */
export function ago(time: number, now: number, locale: string): string {
  const relative = cached(Intl.RelativeTimeFormat, locale, { numeric: "auto" });
  const seconds = Math.round((time - now) / 1000);
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ["day", 86_400],
    ["hour", 3_600],
    ["minute", 60],
  ];
  const step = steps.find(([, size]) => Math.abs(seconds) >= size);
  return step
    ? relative.format(Math.trunc(seconds / step[1]), step[0])
    : relative.format(Math.min(seconds, 0), "second");
}

/** `Ada, Ben and Cleo`, joined as the locale does. */
export function listed(words: readonly string[], locale: string): string {
  return cached(Intl.ListFormat, locale, { type: "conjunction" }).format(words);
}

/** The display name of a country, language or currency code; the code itself when Intl has none. */
export function codeName(code: string, type: "region" | "language" | "currency", locale: string): string {
  try {
    return cached(Intl.DisplayNames, locale, { type }).of(code) ?? code;
  } catch {
    return code;
  }
}
