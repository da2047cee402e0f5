/**
 * Checks that stored rows match the vendor's data, queried again in another way.
 * @module
 */
import { settledAt } from "../../connections";
import { type Check, counted, failed, passed, unknown } from "../check";
import type { DailyFact, PreviousResult } from "../facts";
import { type ComparedTotal, compare } from "../tolerance";

/** Returns the undecided totals of the last result. One stored by an earlier version with other names counts as new. */
function openTotals(before: PreviousResult | undefined): ComparedTotal[] {
  const { open } = before?.detail ?? {};
  return Array.isArray(open) ? open.filter((total) => "reported_at" in total) : [];
}

/** Returns the totals of the days that the vendor reported and that have been read. */
function totalsOf({ stream, account, reported, days, restateDays, readAt }: DailyFact): ComparedTotal[] {
  if (reported === null) return [];
  return days.flatMap(({ day, sums }) => {
    const read_at = readAt(day);
    if (day < reported.from || day > reported.to || read_at === null) return [];
    // A day that the vendor does not report is zero in the metrics that it reports on other days.
    return Object.keys(sums).map((metric) => ({
      stream,
      account,
      day,
      metric,
      reported: reported.totals.get(day)?.[metric] ?? 0,
      stored: sums[metric] ?? 0,
      reported_at: reported.at,
      read_at,
      settled: read_at >= settledAt(day, restateDays),
    }));
  });
}

/** Totals. */
export const totals: Check = {
  name: "totals",
  label: "Totals match the vendor",
  meaning:
    "The rows of each day add up to the vendor's own totals by campaign or account, within 1 %. On days that the platform may still " +
    "revise, a difference counts only if it remains after the next sync.",
  severity: "problem",
  when: "day",
  evaluate({ daily, refused, before, driver }) {
    if (!driver.totals) return null;
    const earlier = openTotals(before.get("totals"));
    if (refused !== null) return unknown(`The vendor could not be queried: ${refused}`, { open: earlier });
    const compared = daily.flatMap(totalsOf);
    if (compared.length === 0) return unknown("There are no complete days to compare yet.");
    const { off, open, all } = compare(compared, earlier);
    const [worst] = off.toSorted((a, b) => share(b) - share(a));
    if (worst) {
      const days = new Set(off.map(({ day }) => day)).size;
      const by = `${(share(worst) * 100).toFixed(1)} % (${worst.metric.replaceAll("_", " ")} of ${worst.day})`;
      const summary = `${counted(days, "day")} differ from the vendor's totals, by up to ${by}.`;
      return failed(summary, { wrong: off.length, all, examples: off, open });
    }
    if (open.length > 0) {
      const days = new Set(open.map(({ day }) => day)).size;
      return unknown(
        `${counted(days, "day")} may still be revised by the platform: checked again after the next sync.`,
        { open },
      );
    }
    return passed(`${counted(all, "daily total")} match within 1 %.`, { all, open });
  },
};

const share = ({ reported, stored }: ComparedTotal) =>
  Math.abs(reported - stored) / Math.max(Math.abs(reported), Math.abs(stored), 1);

/** Relative tolerance of counts. */
const TOLERANCE = 0.01;

/** Rows. */
export const rows: Check = {
  name: "rows",
  label: "Row counts match the vendor",
  meaning:
    "A settled day, a different one each time, has as many rows at the vendor as here; so do short lists, such as campaigns, at the " +
    "latest after the next sync.",
  severity: "problem",
  when: "day",
  evaluate({ daily, lists, refused, before }) {
    const earlier = openLists(before.get("rows"));
    if (refused !== null)
      return unknown(`The vendor could not be queried: ${refused}`, { open: [...earlier] });
    const days = daily.flatMap(({ stream, account, sample, rowsByDay }) =>
      sample
        ? [
            {
              stream,
              account,
              day: sample.day,
              reported: sample.rows,
              stored: rowsByDay.get(sample.day) ?? 0,
            },
          ]
        : [],
    );
    const all = days.length + lists.length;
    if (all === 0) return unknown("There is no settled day or short list to count.");
    const longer = lists.filter(isOff);
    const open = longer.map(nameOf);
    const off = [
      ...days.filter(isOff),
      ...longer.filter((list) => earlier.has(nameOf(list))).map((list) => ({ ...list, day: null })),
    ];
    const [first] = off;
    if (first) {
      const where = `${first.stream.replaceAll("_", " ")}${first.day ? ` of ${first.day}` : ""}`;
      const summary = `${where}: ${counted(first.reported, "row")} at the vendor, ${first.stored} here.`;
      return failed(summary, { wrong: off.length, all, examples: off, open });
    }
    if (open.length > 0)
      return unknown(`${counted(open.length, "list")} may have changed: counted again after the next sync.`, {
        open,
      });
    const count = [...days, ...lists].reduce((sum, { reported }) => sum + reported, 0);
    return passed(`${counted(count, "row")} counted again at the vendor, same number here.`, { all, open });
  },
};

const isOff = ({ reported, stored }: { reported: number; stored: number }) =>
  Math.abs(reported - stored) > TOLERANCE * Math.max(reported, stored);
const nameOf = ({ stream, account }: { stream: string; account: string }) =>
  JSON.stringify([stream, account]);

function openLists(before: PreviousResult | undefined): Set<string> {
  const { open } = before?.detail ?? {};
  return new Set(Array.isArray(open) ? open.map(String) : []);
}

/** Whether the last results must be compared again after the next read. */
export const hasOpen = (before: ReadonlyMap<string, PreviousResult>): boolean =>
  openTotals(before.get("totals")).length > 0 || openLists(before.get("rows")).size > 0;
