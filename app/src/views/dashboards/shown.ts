/**
 * The display context shared by all widgets of a dashboard.
 * @module
 */
import type { Condition } from "../../../../schema/wire/filter";
import type { Flag } from "../../charts/flags";
import type { Comparison } from "../../query-state";
import type { Naming } from "./naming";

export interface Shown {
  naming: Naming;
  /** IANA time zone of the project. */
  timezone: string;
  compare: Comparison;
  /** Epoch ms; determines the open bucket. */
  now: number;
  /** The project's annotations. */
  flags: Flag[];
  /** Called with a time range selected in a plot (epoch ms, half-open). Undefined when not selectable. */
  onRange?: (from: number, to: number) => void;
  /** Called with a selected value. Undefined when not selectable. */
  onFilter?: (condition: Condition) => void;
  /** Called with a selected time of a widget (epoch ms). Undefined when not selectable. */
  onMoment?: (widget: string, at: number) => void;
}
