/**
 * The facts that checks evaluate, collected once for all of them.
 * @module
 */
import type { QualityResult } from "../../../schema/wire/source";
import type { Driver, StoredSource } from "../connections";
import type { StreamCursor } from "../records";

/** A stored day of a stream of an account. */
export interface DayFact {
  /** `YYYY-MM-DD` in the account's zone. */
  day: string;
  rows: number;
  /** Number of rows with the same key as another row of the day. */
  duplicates: number;
  /** Sums of the fields for which the vendor reports totals; empty when it was not queried. */
  sums: Record<string, number>;
  /** Only for streams of ad performance. */
  impressions: number;
  clicks: number;
  spend_minor: number;
  conversions: number;
}

/** Totals of days as the vendor reports them, both ends inclusive. `at`: when it was queried, epoch ms. */
export interface VendorTotals {
  at: number;
  from: string;
  to: string;
  totals: Map<string, Record<string, number>>;
}

/** A daily stream of an account. */
export interface DailyFact {
  stream: string;
  account: string;
  /** Whether its rows are ad performance. */
  isAds: boolean;
  /** Days after which the vendor no longer restates a day. */
  restateDays: number;
  /** Today in the account's zone. */
  today: string;
  /** Number of rows of each stored day that has any, oldest first. */
  rowsByDay: Map<string, number>;
  /** The days whose rows were read, without gaps, oldest first. */
  days: DayFact[];
  /** When each day was last read, epoch ms. */
  readAt(day: string): number | null;
  /** Totals of a range of days as the vendor reports them, without empty days; null when it was not queried or has none. */
  reported: VendorTotals | null;
  /** A settled day queried again row by row; null when it was not queried. */
  sample: { day: string; rows: number } | null;
}

/** A list of an account: its length as the vendor reports it, and as stored. */
export interface ListFact {
  stream: string;
  account: string;
  reported: number;
  stored: number;
}

/** Rows that break an expectation. */
export interface Breach {
  expectation: string;
  rows: number;
  examples: object[];
}

/** Days with amounts in a currency without a rate. */
export interface MissingRate {
  currency: string;
  days: number;
  first: string;
}

/** The newest earlier result, with its detail. */
export interface PreviousResult extends Pick<QualityResult, "checked_at" | "outcome"> {
  detail: Record<string, unknown>;
}

export interface Facts {
  /** Epoch ms. */
  now: number;
  source: StoredSource;
  driver: Driver;
  cursors: readonly StreamCursor[];
  daily: readonly DailyFact[];
  /** Short lists counted again at the vendor. */
  lists: readonly ListFact[];
  /** Rows checked against expectations; null when the source has no ads. */
  expected: { rows: number; breaches: Breach[] } | null;
  /** Currencies of the source other than the project's, and the days without their rates. */
  rates: { currencies: string[]; missing: MissingRate[] };
  /** Why the vendor could not be queried; null when it was, or when no query was needed. */
  refused: string | null;
  before: ReadonlyMap<string, PreviousResult>;
}
