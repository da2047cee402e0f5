/**
 * Props of a plot, and helpers shared by its marks.
 * @module
 */
import type { Pole } from "./flags";
import type { TickKind } from "./scale";

export type PlotKind = "line" | "area" | "bar" | "stacked";

export interface PlotSeries {
  key: string;
  label: string;
  values: (number | null)[];
  /** Null without a comparison. */
  previous: (number | null)[] | null;
  /** Formats a value exactly. */
  format: (value: number) => string;
}

export interface PlotBucket {
  /** On the axis. */
  short: string;
  /** In the tooltip. */
  long: string;
}

export interface PlotProps {
  kind: PlotKind;
  /** Accessible name. */
  label: string;
  series: PlotSeries[];
  buckets: PlotBucket[];
  /** True while the last bucket is open. */
  open: boolean;
  ticks: TickKind;
  /** Formats a value on the axis. */
  tick: (value: number) => string;
  change: (ratio: number) => string;
  /** Label of the comparison range. */
  before: string;
  poles?: Pole[];
  /** Called with the first and last bucket of a selected range. */
  onSelect?: (first: number, last: number) => void;
  /** Called on Enter or a double press on a bucket. */
  onPick?: (index: number) => void;
}

/** Color of the nth series. */
export const hue = (index: number) => `var(--series-${(index % 8) + 1})`;

/** Position of a bucket, 0 to 1: bars have a band each, lines go from edge to edge. */
export function placeOf(kind: PlotKind, count: number): (index: number) => number {
  const isBand = kind === "bar" || kind === "stacked" || count === 1;
  return (index) => (isBand ? (index + 0.5) / count : index / (count - 1));
}
