/**
 * Whether two counts of the same thing agree, although one may be older than the other. Pure.
 *
 * Ad platforms revise a day for weeks, so a difference on a day that has not settled may be a revision. It counts only when the
 * vendor was queried before and after our read and our number is not between both answers.
 * @module
 */

/** A number of a day, as the vendor adds it up and as we do. */
export interface ComparedTotal {
  stream: string;
  account: string;
  day: string;
  metric: string;
  said: number;
  ours: number;
  /** When the vendor was asked and when ours was read, epoch ms. */
  said_at: number;
  read_at: number;
  /** Whether the vendor restates the day no more. */
  settled: boolean;
}

/** What came of comparing. */
export interface Agreement {
  /** Figures that differ. */
  off: ComparedTotal[];
  /** Totals that differ but may be revised: compared again after the next read. */
  open: ComparedTotal[];
  all: number;
}

/** Differences up to this share are roundings. */
const TOLERANCE = 0.01;
/** Counts are whole, money is rounded to minor units; millionths are rounded to those too. */
const LEAST = 0.5;
const LEAST_MICROS = 10_000;

const least = (metric: string) => (metric.endsWith("_micros") ? LEAST_MICROS : LEAST);

/** Whether `ours` is further than roundings from everything between `low` and `high`. */
function isOutside(ours: number, low: number, high: number, metric: string): boolean {
  const slack = (bound: number) =>
    Math.max(TOLERANCE * Math.max(Math.abs(bound), Math.abs(ours)), least(metric));
  return ours < low - slack(low) || ours > high + slack(high);
}

const keyOfTotal = ({ stream, account, day, metric }: ComparedTotal) =>
  JSON.stringify([stream, account, day, metric]);

/** Compares; `before` are the figures that were left open the last time. */
export function compare(figures: readonly ComparedTotal[], before: readonly ComparedTotal[]): Agreement {
  const earlier = new Map(before.map((figure) => [keyOfTotal(figure), figure]));
  const agreement: Agreement = { off: [], open: [], all: figures.length };
  for (const figure of figures) {
    const { said, ours, metric } = figure;
    if (!isOutside(ours, said, said, metric)) continue;
    const known = earlier.get(keyOfTotal(figure));
    const isBetween = known !== undefined && known.said_at < figure.read_at;
    if (figure.settled) agreement.off.push(figure);
    else if (!isBetween) agreement.open.push(known ?? figure);
    else if (isOutside(ours, Math.min(said, known.said), Math.max(said, known.said), metric))
      agreement.off.push(figure);
  }
  return agreement;
}
