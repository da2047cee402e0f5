/**
 * What every widget of a dashboard is shown with.
 * @module
 */
import type { Condition } from "../../../../schema/wire/filter";
import type { Flag } from "../../charts/flags";
import type { Comparison } from "../../query-state";
import type { Naming } from "./naming";

export interface Shown {
  naming: Naming;
  /** IANA zone of the project, in which times are written. */
  timezone: string;
  compare: Comparison;
  /** Epoch ms: which bucket is still open. */
  now: number;
  /** Notes on the project's time. */
  flags: Flag[];
  /** A stretch of time was chosen in a plot, epoch ms, half-open. Left out: nothing can be chosen. */
  onRange?: (from: number, to: number) => void;
  /** A value was chosen. Left out: nothing can be chosen. */
  onFilter?: (condition: Condition) => void;
  /** A moment of a widget was chosen, epoch ms. Left out: nothing can be chosen. */
  onMoment?: (widget: string, at: number) => void;
}
