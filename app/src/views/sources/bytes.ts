/**
 * Formats numbers of bytes.
 * @module
 */
const UNITS = ["B", "kB", "MB", "GB"] as const;

/** `640 B`, `1.2 MB`: thousands of bytes, one decimal from kB on. */
export function bytesText(bytes: number, locale: string): string {
  const step = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: step === 0 ? 0 : 1 });
  return `${number.format(bytes / 1000 ** step)} ${UNITS[step]}`;
}
