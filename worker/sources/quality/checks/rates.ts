/**
 * Checks that money can be converted.
 * @module
 */
import { type Check, counted, failed, passed } from "../check";

/** Rates. */
export const rates: Check = {
  name: "rates",
  label: "Currency rates",
  meaning:
    "There is a reference rate for every day with amounts in another currency than the project's. Amounts without a rate are not in any total.",
  severity: "warning",
  when: "sync",
  evaluate({ rates: { currencies, missing }, daily }) {
    if (currencies.length === 0) return null;
    const names = currencies.join(", ");
    if (missing.length === 0) return passed(`Rates of ${names} are complete.`, { currencies });
    const days = Math.max(1, ...daily.map(({ rowsByDay }) => rowsByDay.size));
    const parts = missing.map(
      ({ currency, days: own, first }) => `${currency} on ${counted(own, "day")} from ${first}`,
    );
    const wrong = missing.reduce((sum, own) => sum + own.days, 0);
    return failed(`Missing rates: ${parts.join("; ")}.`, {
      wrong,
      all: days * currencies.length,
      examples: missing,
    });
  },
};
