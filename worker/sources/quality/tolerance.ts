/**
 * Compares two counts of the same thing, one of which may be older. Pure.
 *
 * Ad platforms revise a day for weeks, so a difference on a day that has not settled may be a revision. It counts only when
 * the vendor was queried before and after the read and the stored total is not between both values.
 */

/** A daily total: as the vendor reports it, and as the sum of stored rows. */
export interface ComparedTotal {
  stream: string;
  account: string;
  day: string;
  metric: string;
  reported: number;
  stored: number;
  /** When the vendor was queried and when the stored rows were read, epoch ms. */
  reported_at: number;
  read_at: number;
  /** Whether the vendor no longer restates the day. */
  settled: boolean;
}

/** The outcome of a comparison. */
export interface Agreement {
  /** Totals that differ. */
  off: ComparedTotal[];
  /** Totals that differ but may be revised: compared again after the next read. */
  open: ComparedTotal[];
  all: number;
}

/** Relative differences up to this are rounding. */
const TOLERANCE = 0.01;
/** Counts are integers, money is rounded to minor units, as are millionths. */
const LEAST = 0.5;
const LEAST_MICROS = 10_000;

const least = (metric: string) => (metric.endsWith("_micros") ? LEAST_MICROS : LEAST);

/** Whether `stored` differs by more than rounding from every value between `low` and `high`. */
function isOutside(stored: number, low: number, high: number, metric: string): boolean {
  const slack = (bound: number) =>
    Math.max(TOLERANCE * Math.max(Math.abs(bound), Math.abs(stored)), least(metric));
  return stored < low - slack(low) || stored > high + slack(high);
}

const keyOfTotal = ({ stream, account, day, metric }: ComparedTotal) =>
  JSON.stringify([stream, account, day, metric]);

/** Compares totals; `before` are those that were undecided the last time. */
export function compare(totals: readonly ComparedTotal[], before: readonly ComparedTotal[]): Agreement {
  const earlier = new Map(before.map((total) => [keyOfTotal(total), total]));
  const agreement: Agreement = { off: [], open: [], all: totals.length };
  for (const total of totals) {
    const { reported, stored, metric } = total;
    if (!isOutside(stored, reported, reported, metric)) continue;
    const known = earlier.get(keyOfTotal(total));
    const isBetween = known !== undefined && known.reported_at < total.read_at;
    if (total.settled) agreement.off.push(total);
    else if (!isBetween) agreement.open.push(known ?? total);
    else if (
      isOutside(stored, Math.min(reported, known.reported), Math.max(reported, known.reported), metric)
    )
      agreement.off.push(total);
  }
  return agreement;
}
