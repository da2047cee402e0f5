/**
 * Props of the time chart.
 * @module
 */
import type { JSX } from "solid-js";
import type { Pole } from "./flags";

/** One bucket of time. */
export interface Bucket {
  /** On the axis. */
  short: string;
  /** In the tooltip and the table. */
  long: string;
  /** Label of the compared bucket. */
  before?: string;
  value: number | null;
  previous: number | null;
  partial: boolean;
}

export interface TimeChartProps {
  buckets: Bucket[];
  /** Accessible name. */
  metric: string;
  /** True when values are counts. */
  whole: boolean;
  /** Formats a value exactly. */
  format: (value: number) => string;
  /** Formats a value on the axis. */
  tick: (value: number) => string;
  change: (ratio: number) => string;
  /** Called with the first and last bucket of a selected range. */
  onSelect: (first: number, last: number) => void;
  /** Flags on the axis. */
  poles?: Pole[];
  /** Menu items for a press on a bucket; without it there is no menu. */
  offers?: (index: number) => JSX.Element;
}
