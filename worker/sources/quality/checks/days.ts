/**
 * Checks that days are complete: no missing day, no duplicate row, values within their range.
 * @module
 */
import { addDays } from "../../connections";
import { type Check, counted, failed, passed } from "../check";
import { EXPECTATIONS } from "../expectations";
import type { DailyFact } from "../facts";

/** Days without rows between days with rows, unless the vendor reported that nothing ran. */
export function emptyDays({ rowsByDay }: Pick<DailyFact, "rowsByDay">): string[] {
  const days = [...rowsByDay.keys()];
  const last = days.at(-1) ?? "";
  const empty: string[] = [];
  for (let day = days[0] ?? last; day < last; day = addDays(day, 1)) if (!rowsByDay.has(day)) empty.push(day);
  return empty;
}

/** Name of an empty day for which the vendor reported that nothing ran. */
export const explainedName = (stream: string, account: string, day: string): string =>
  JSON.stringify([stream, account, day]);

/** Those names, from the last result of the check on gaps. */
export function explainedDays(before: { detail: Record<string, unknown> } | undefined): Set<string> {
  const { quiet } = before?.detail ?? {};
  return new Set(Array.isArray(quiet) ? quiet.map(String) : []);
}

/** Gaps. */
export const gaps: Check = {
  name: "gaps",
  label: "Missing days",
  meaning:
    "There are no empty days between days with rows, unless the vendor reports that nothing ran; and no day with numbers at the " +
    "vendor is empty here.",
  severity: "problem",
  when: "sync",
  evaluate({ daily: all, driver, before }) {
    // Where the vendor reports ads, only days of ads must be complete: keywords may pause while other ads run.
    const daily = all.filter(({ isAds }) => isAds || !driver.totals);
    if (daily.length === 0) return null;
    const known = explainedDays(before.get("gaps"));
    const quiet: string[] = [];
    const missing = daily.flatMap((own) => {
      const { stream, account, reported, rowsByDay, today } = own;
      const empty = emptyDays(own).filter((day) => {
        const numbers = reported?.totals.get(day);
        const isAsked = reported !== null && day >= reported.from && day <= reported.to;
        const isQuiet = isAsked ? !ran(numbers) : known.has(explainedName(stream, account, day));
        if (isQuiet) quiet.push(explainedName(stream, account, day));
        return !isQuiet;
      });
      // The vendor's newest days may be newer than the last read.
      const fromVendor = [...(reported?.totals ?? [])].flatMap(([day, numbers]) =>
        ran(numbers) && !rowsByDay.has(day) && day < addDays(today, -1) ? [day] : [],
      );
      return [...new Set([...empty, ...fromVendor])].sort().map((day) => ({ stream, account, day }));
    });
    const count = daily.reduce((sum, { rowsByDay }) => sum + rowsByDay.size, missing.length);
    if (missing.length === 0) return passed("No days are missing.", { days: count, quiet });
    const [first] = missing;
    const summary = `${counted(missing.length, "day")} missing, starting ${first?.day}.`;
    return failed(summary, { wrong: missing.length, all: count, examples: missing, quiet });
  },
};

const ran = (numbers: Record<string, number> | undefined) =>
  Object.values(numbers ?? {}).some((value) => value !== 0);

/** Duplicates. */
export const duplicates: Check = {
  name: "duplicates",
  label: "Duplicate rows",
  meaning: "No two rows of the same account and day have the same key.",
  severity: "problem",
  when: "sync",
  evaluate({ daily }) {
    if (daily.length === 0) return null;
    const days = daily.flatMap(({ stream, account, days: own }) =>
      own.map(({ day, rows, duplicates }) => ({ stream, account, day, rows, duplicates })),
    );
    const rows = days.reduce((sum, own) => sum + own.rows, 0);
    const twice = days.filter(({ duplicates }) => duplicates > 0);
    if (twice.length === 0) return passed(`${counted(rows, "row")} checked, no duplicates.`, { rows });
    const duplicates = twice.reduce((sum, own) => sum + own.duplicates, 0);
    const summary = `${counted(duplicates, "duplicate row")} on ${counted(twice.length, "day")}.`;
    return failed(summary, { wrong: duplicates, all: rows, examples: twice });
  },
};

/** Values. */
export const values: Check = {
  name: "values",
  label: "Value ranges",
  meaning: `There are no rows ${EXPECTATIONS.map(({ breach }) => breach).join("; ")}.`,
  severity: "warning",
  when: "sync",
  evaluate({ expected }) {
    if (expected === null) return null;
    const { rows, breaches } = expected;
    if (breaches.length === 0) return passed(`${counted(rows, "row")} checked, all in range.`, { rows });
    const wording = (name: string) => EXPECTATIONS.find((own) => own.name === name)?.breach ?? name;
    const parts = breaches.map(
      ({ expectation, rows: own }) => `${counted(own, "row")} ${wording(expectation)}`,
    );
    const wrong = breaches.reduce((sum, own) => sum + own.rows, 0);
    const examples = breaches.flatMap(({ expectation, examples: own }) =>
      own.map((example) => ({ expectation, ...example })),
    );
    return failed(`${parts.join("; ")}.`, { wrong: Math.min(wrong, rows), all: rows, examples });
  },
};
