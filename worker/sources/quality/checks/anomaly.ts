/**
 * Checks that recent days are similar to earlier days.
 * @module
 */
import { addDays } from "../../connections";
import { type Check, failed, passed } from "../check";
import type { DailyFact, DayFact } from "../facts";
import { deviation, median } from "../outlier";

/** Days after which clicks and spend hardly change. */
const VOLUME_AGE = 4;
const WEEKS = 8;
/** A value is an anomaly beyond this many deviations and this relative difference from the median. */
const DEVIATIONS = 6;
const FACTOR = 3;
const MEASURES = ["rows", "impressions", "spend_minor"] as const;

/** Volume. */
export const volume: Check = {
  name: "volume",
  label: "Volume anomaly",
  meaning:
    "Rows, impressions and spend of a day are close to those of the same weekday in the past eight weeks. A change that lasts " +
    "for a week counts as the new normal.",
  severity: "warning",
  when: "day",
  evaluate({ daily }) {
    const volumes = daily.filter(({ isAds }) => isAds).flatMap(volumesOf);
    if (volumes.length === 0) return null;
    const odd = volumes.filter(
      ({ found, usual, lately, deviations }) =>
        Math.abs(deviations) > DEVIATIONS && isFar(found, usual) && isFar(found, lately),
    );
    const [first] = odd;
    if (!first)
      return passed("Volumes are in line with the same weekday of past weeks.", { days: volumes.length });
    const { measure, day, found, usual } = first;
    const summary = `${measure.replace("_minor", "")} of ${day}: ${Math.round(found)}, expected about ${Math.round(usual)}.`;
    return failed(summary, { wrong: odd.length, all: volumes.length, examples: odd });
  },
};

const isFar = (found: number, usual: number) => found > usual * FACTOR || found < usual / FACTOR;

function volumesOf({ stream, account, today, days, rowsByDay }: DailyFact) {
  const byDay = new Map(days.map((own) => [own.day, own]));
  const [first = ""] = rowsByDay.keys();
  const day = addDays(today, -VOLUME_AGE);
  const own = byDay.get(day);
  if (!own) return [];
  const pointsOf = (measure: (typeof MEASURES)[number], count: number, step: number) =>
    Array.from({ length: count }, (_, i) => addDays(day, -step * (i + 1)))
      .filter((before) => before >= first)
      .flatMap((before) => byDay.get(before)?.[measure] ?? []);
  return MEASURES.flatMap((measure) => {
    const points = pointsOf(measure, WEEKS, 7);
    const deviations = deviation(own[measure], points);
    if (deviations === null) return [];
    const lately = median(pointsOf(measure, 7, 1));
    const common = { stream, account, day, measure };
    return [{ ...common, found: own[measure], usual: median(points), lately, deviations }];
  });
}

const WINDOW = 7;
/** With this many expected conversions, none is an anomaly: e^-5 is below 1 %. */
const EXPECTED = 5;
/** Expected share of a day's conversions while platforms still attribute more: a fifth of each row, rounded down. */
const EXPECTED_EARLY = 5;
const EARLY_AGE = 3;
const UNTRACKED_DAYS = 14;
const UNTRACKED_CLICKS = 1000;

/** Conversions. */
export const conversions: Check = {
  name: "conversions",
  label: "Conversion tracking",
  meaning:
    "An account with spend reports conversions. A settled week without any fails when the weeks before predict at least five; a " +
    "recent week fails when five per ad and day are predicted; so do 1,000 clicks without a conversion. The tracking is likely broken.",
  severity: "warning",
  when: "day",
  evaluate({ daily }) {
    const accounts = daily.filter(({ isAds, days }) => isAds && sum(days, "spend_minor") > 0);
    if (accounts.length === 0) return null;
    const broken = accounts.flatMap((own) => brokenSince(own) ?? []);
    const [first] = broken;
    if (!first) return passed("All accounts with spend report conversions.");
    const summary = `Account ${first.account} has spend but no conversions since ${first.since}.`;
    return failed(summary, { wrong: broken.length, all: accounts.length, examples: broken });
  },
};

const sum = (days: readonly DayFact[], measure: "spend_minor" | "conversions" | "clicks" | "rows") =>
  days.reduce((total, day) => total + day[measure], 0);

function brokenSince(own: DailyFact) {
  const { stream, account, today, restateDays, days } = own;
  const settled = weekWithout(days, addDays(today, -restateDays - 1), () => EXPECTED);
  const early = (rows: number) => Math.max(EXPECTED, EXPECTED_EARLY * rows);
  const since = settled ?? weekWithout(days, addDays(today, -EARLY_AGE), early);
  if (since !== null) return { stream, account, since };
  const spending = days.filter(({ spend_minor }) => spend_minor > 0);
  const isUntracked =
    sum(spending, "conversions") === 0 &&
    spending.length >= UNTRACKED_DAYS &&
    sum(spending, "clicks") >= UNTRACKED_CLICKS;
  return isUntracked ? { stream, account, since: spending[0]?.day ?? today } : null;
}

/** First day of the week before `end` when the week has no conversions although this many were expected; else null. */
function weekWithout(
  days: readonly DayFact[],
  end: string,
  expected: (rows: number) => number,
): string | null {
  const since = addDays(end, -WINDOW);
  const week = days.filter(({ day }) => day >= since && day < end);
  const before = days.filter(({ day }) => day < since);
  if (sum(week, "conversions") > 0 || sum(before, "spend_minor") === 0) return null;
  const rate = sum(before, "conversions") / sum(before, "spend_minor");
  return rate * sum(week, "spend_minor") >= expected(sum(week, "rows")) ? since : null;
}
