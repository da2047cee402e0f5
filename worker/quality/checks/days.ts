/**
 * Whether days are whole: none missing, no row twice, every value within its range, no day far from its kind.
 * @module
 */
import { addDays } from "../../sources";
import { type Check, counted, failed, passed } from "../check";
import { deviation, median } from "../drift";
import { EXPECTATIONS } from "../expectations";
import type { DailyFact } from "../facts";

/** Days between days with rows that have none and of which nobody has said that nothing ran. */
export function emptyDays({ rowsByDay }: Pick<DailyFact, "rowsByDay">): string[] {
  const days = [...rowsByDay.keys()];
  const last = days.at(-1) ?? "";
  const empty: string[] = [];
  for (let day = days[0] ?? last; day < last; day = addDays(day, 1)) if (!rowsByDay.has(day)) empty.push(day);
  return empty;
}

/** Names an empty day of which the vendor has said that nothing ran. */
export const quietName = (stream: string, account: string, day: string): string =>
  JSON.stringify([stream, account, day]);

/** Those names, as the last result of the check on gaps keeps them. */
export function quietDays(before: { detail: Record<string, unknown> } | undefined): Set<string> {
  const { quiet } = before?.detail ?? {};
  return new Set(Array.isArray(quiet) ? quiet.map(String) : []);
}

/** Gaps. */
export const gaps: Check = {
  name: "gaps",
  label: "No day missing",
  meaning:
    "No day without rows lies between days with rows, unless the vendor says that nothing ran, and no day that the vendor has " +
    "numbers of is empty here.",
  severity: "problem",
  when: "sync",
  evaluate({ daily: all, driver, before }) {
    // Where the vendor tells of ads, only they have days that must be there: keywords may rest while other ads run.
    const daily = all.filter(({ isAds }) => isAds || !driver.totals);
    if (daily.length === 0) return null;
    const known = quietDays(before.get("gaps"));
    const quiet: string[] = [];
    const missing = daily.flatMap((own) => {
      const { stream, account, said, rowsByDay, today } = own;
      const empty = emptyDays(own).filter((day) => {
        const numbers = said?.totals.get(day);
        const isAsked = said !== null && day >= said.from && day <= said.to;
        const isQuiet = isAsked ? !ran(numbers) : known.has(quietName(stream, account, day));
        if (isQuiet) quiet.push(quietName(stream, account, day));
        return !isQuiet;
      });
      // The vendor's newest days may have come since we read.
      const fromVendor = [...(said?.totals ?? [])].flatMap(([day, numbers]) =>
        ran(numbers) && !rowsByDay.has(day) && day < addDays(today, -1) ? [day] : [],
      );
      return [...new Set([...empty, ...fromVendor])].sort().map((day) => ({ stream, account, day }));
    });
    const count = daily.reduce((sum, { rowsByDay }) => sum + rowsByDay.size, missing.length);
    if (missing.length === 0) return passed("No day is missing.", { days: count, quiet });
    const [first] = missing;
    const summary = `${counted(missing.length, "day")} missing, the first ${first?.day}.`;
    return failed(summary, { wrong: missing.length, all: count, examples: missing, quiet });
  },
};

const ran = (numbers: Record<string, number> | undefined) =>
  Object.values(numbers ?? {}).some((value) => value !== 0);

/** Duplicates. */
export const duplicates: Check = {
  name: "duplicates",
  label: "No row twice",
  meaning: "Within a day of an account no two rows have the same key.",
  severity: "problem",
  when: "sync",
  evaluate({ daily }) {
    if (daily.length === 0) return null;
    const days = daily.flatMap(({ stream, account, days: own }) =>
      own.map(({ day, rows, doubles }) => ({ stream, account, day, rows, doubles })),
    );
    const rows = days.reduce((sum, own) => sum + own.rows, 0);
    const twice = days.filter(({ doubles }) => doubles > 0);
    if (twice.length === 0) return passed(`${counted(rows, "row")} looked at, none twice.`, { rows });
    const doubles = twice.reduce((sum, own) => sum + own.doubles, 0);
    const summary = `${counted(doubles, "row")} twice, on ${counted(twice.length, "day")}.`;
    return failed(summary, { wrong: doubles, all: rows, examples: twice });
  },
};

/** Values. */
export const values: Check = {
  name: "values",
  label: "Values in range",
  meaning: `No row breaks an expectation: ${EXPECTATIONS.map(({ breach }) => breach).join("; ")}.`,
  severity: "warning",
  when: "sync",
  evaluate({ expected }) {
    if (expected === null) return null;
    const { rows, breaches } = expected;
    if (breaches.length === 0) return passed(`${counted(rows, "row")} looked at, all as expected.`, { rows });
    const wording = (name: string) => EXPECTATIONS.find((own) => own.name === name)?.breach ?? name;
    const said = breaches.map(
      ({ expectation, rows: own }) => `${counted(own, "row")} ${wording(expectation)}`,
    );
    const wrong = breaches.reduce((sum, own) => sum + own.rows, 0);
    const examples = breaches.flatMap(({ expectation, examples: own }) =>
      own.map((example) => ({ expectation, ...example })),
    );
    return failed(`${said.join("; ")}.`, { wrong: Math.min(wrong, rows), all: rows, examples });
  },
};

/** Days after which clicks and spend hardly change any more. */
const VOLUME_AGE = 4;
const WEEKS = 8;
/** Beyond so many deviations and so large a share of the usual it is no accident. */
const DEVIATIONS = 6;
const SHARE = 0.5;
const MEASURES = ["rows", "impressions", "spend_minor"] as const;

/** Volume. */
export const volume: Check = {
  name: "volume",
  label: "Usual volume",
  meaning:
    "Rows, impressions and spend of a day are not far from those of the same weekday in the eight weeks before.",
  severity: "warning",
  when: "day",
  evaluate({ daily }) {
    const looked = daily.filter(({ isAds }) => isAds).flatMap(volumesOf);
    if (looked.length === 0) return null;
    const odd = looked.filter(
      ({ found, usual, deviations }) =>
        Math.abs(deviations) > DEVIATIONS && Math.abs(found - usual) > SHARE * usual,
    );
    if (odd.length === 0) return passed("Days are like their weekday before.", { looked: looked.length });
    const [first] = odd;
    const summary = first
      ? `${first.measure.replace("_minor", "")} of ${first.day}: ${Math.round(first.found)} where ${Math.round(first.usual)} is usual.`
      : "";
    return failed(summary, { wrong: odd.length, all: looked.length, examples: odd });
  },
};

function volumesOf({ stream, account, today, days, rowsByDay }: DailyFact) {
  const byDay = new Map(days.map((own) => [own.day, own]));
  const [first = ""] = rowsByDay.keys();
  const day = addDays(today, -VOLUME_AGE);
  const own = byDay.get(day);
  if (!own) return [];
  const alike = Array.from({ length: WEEKS }, (_, week) => addDays(day, -7 * (week + 1))).filter(
    (before) => before >= first,
  );
  return MEASURES.flatMap((measure) => {
    const points = alike.flatMap((before) => byDay.get(before)?.[measure] ?? []);
    const deviations = deviation(own[measure], points);
    if (deviations === null) return [];
    return [{ stream, account, day, measure, found: own[measure], usual: median(points), deviations }];
  });
}

/** Platforms go on claiming conversions of the last days. */
const CLAIM_DAYS = 3;
const WINDOW = 7;
/** So many by the rate before make none of them no accident: e^-5 is below 1 %. */
const EXPECTED = 5;
const UNTRACKED_DAYS = 14;
const UNTRACKED_CLICKS = 1000;

/** Conversions. */
export const conversions: Check = {
  name: "conversions",
  label: "Conversions where money is spent",
  meaning:
    "An account that spends has conversions: not none in a week that by its weeks before should have had five, and not none at all " +
    "in a thousand clicks. Else tracking is likely broken.",
  severity: "warning",
  when: "day",
  evaluate({ daily }) {
    const accounts = daily.filter(
      ({ isAds, days }) => isAds && days.some(({ spend_minor }) => spend_minor > 0),
    );
    if (accounts.length === 0) return null;
    const broken = accounts.flatMap((own) => brokenSince(own) ?? []);
    if (broken.length === 0) return passed("Accounts that spend have conversions.");
    const [first] = broken;
    const summary = `Account ${first?.account} spends without conversions since ${first?.since}.`;
    return failed(summary, { wrong: broken.length, all: accounts.length, examples: broken });
  },
};

function brokenSince({ stream, account, today, days }: DailyFact) {
  const end = addDays(today, -CLAIM_DAYS);
  const since = addDays(end, -WINDOW);
  const sum = (own: typeof days, measure: "spend_minor" | "conversions" | "clicks") =>
    own.reduce((total, day) => total + day[measure], 0);
  const recent = days.filter(({ day }) => day >= since && day < end);
  const before = days.filter(({ day }) => day < since);
  const spend = sum(recent, "spend_minor");
  if (spend === 0 || sum(recent, "conversions") > 0) return null;
  const earlier = sum(before, "spend_minor");
  const expected = earlier > 0 ? (sum(before, "conversions") / earlier) * spend : 0;
  if (expected >= EXPECTED) return { stream, account, since, expected };
  const spending = [...before, ...recent].filter(({ spend_minor }) => spend_minor > 0);
  const isUntracked =
    sum(spending, "conversions") === 0 &&
    spending.length >= UNTRACKED_DAYS &&
    sum(spending, "clicks") >= UNTRACKED_CLICKS;
  return isUntracked ? { stream, account, since: spending[0]?.day ?? since, expected } : null;
}
