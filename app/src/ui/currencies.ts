/**
 * Currencies suggested in forms.
 * @module
 */

/** Suggested first; any other ISO 4217 code can be typed. */
export const CURRENCIES = [
  "EUR",
  "USD",
  "GBP",
  "CHF",
  "JPY",
  "SEK",
  "NOK",
  "DKK",
  "PLN",
  "CAD",
  "AUD",
  "INR",
  "BRL",
] as const;
